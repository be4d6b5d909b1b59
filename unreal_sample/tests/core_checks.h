/** What vectors do not say of the core. */
#pragma once

/** Which message may come and go when. */
void CheckStates();
/** Frames and rows made to do harm. */
void CheckHostileBytes();
/** Samples to bytes and back. */
void CheckSounds();
/** SHA-256 and the answer to a challenge. */
void CheckProofs();
/** Poses and microseconds, up to the largest numbers. */
void CheckTimes();
/** When a microphone that has fallen back goes on with newer poses. */
void CheckCatchingUp();
/** Memory: nothing is allocated once a session runs. */
void CheckSteadiness();
