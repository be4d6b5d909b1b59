namespace A2F.Core
{
    internal static class Utf8
    {
        /// <summary>
        /// True for well-formed UTF-8 (RFC 3629): shortest forms only, no surrogates, nothing beyond U+10FFFF.
        /// </summary>
        public static bool IsValid(byte[] bytes, int at, int end)
        {
            while (at < end)
            {
                int lead = bytes[at++];
                if (lead < 0x80) continue;
                int more = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
                if (more == 0 || more > end - at) return false;
                int second = bytes[at];
                if (lead == 0xe0 && second < 0xa0 || lead == 0xed && second > 0x9f) return false;
                if (lead == 0xf0 && second < 0x90 || lead == 0xf4 && second > 0x8f) return false;
                for (; more > 0; more--)
                {
                    if ((bytes[at++] & 0xc0) != 0x80) return false;
                }
            }
            return true;
        }
    }
}
