using A2F.Core;

namespace A2F
{
    /// <summary>Asks again and again whether the server is there, and drops a connection that says nothing any more.</summary>
    internal sealed class Pulse
    {
        /// <summary>How often to ask, and when to believe that nobody is there.</summary>
        const long PingUs = 2000000;
        const long SilentUs = 10000000;

        readonly Ping ping = new Ping();
        long nextUs;
        long askedUs;

        /// <summary>Begin anew, with another connection.</summary>
        public void Reset()
        {
            nextUs = askedUs = 0;
        }

        public void Tick(Link link, long nowUs)
        {
            if (nowUs < nextUs)
            {
                return;
            }
            if (askedUs <= link.HeardUs)
            {
                askedUs = nowUs;
            }
            else if (nowUs - askedUs > SilentUs)
            {
                link.Drop(Codes.Abnormal, "it does not answer any more");
                return;
            }
            nextUs = nowUs + PingUs;
            ping.T = nowUs;
            link.Send(ping);
        }
    }
}
