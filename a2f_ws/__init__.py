"""Asyncio WebSocket server that turns streamed speech into facial poses for game engines."""
