using System;
using System.Text;

namespace A2F.Core
{
    /// <summary>
    /// The answer to a server's challenge: knowledge of the password, shown without sending it, protocol §17. With a
    /// SHA-256 of its own, since the one of .NET looks its classes up by name, which stripped builds may lack.
    /// </summary>
    public static class Proof
    {
        private const int Block = 64;

        // FIPS 180-4, §4.2.2 and §5.3.3.
        private static readonly uint[] Constants =
        {
            0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
            0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
            0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
            0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
            0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
            0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
            0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
            0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
        };

        private static readonly uint[] Start =
        {
            0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
        };

        /// <summary>
        /// What `identify.proof` is to say: base64(SHA-256(base64(SHA-256(password + salt)) + challenge)). Null where
        /// the server asks for none.
        /// </summary>
        public static string Of(string password, Auth auth)
        {
            if (password == null || auth == null || auth.Challenge == null) return null;
            return Of(password, auth.Salt ?? "", auth.Challenge);
        }

        public static string Of(string password, string salt, string challenge)
        {
            return Digest(Digest(password + salt) + challenge);
        }

        /// <summary>The 32 bytes of SHA-256 (FIPS 180-4), as for `audio.hash`.</summary>
        public static byte[] Sha256(byte[] bytes, int offset, int count)
        {
            var hash = (uint[])Start.Clone();
            var schedule = new uint[64];
            long whole = count / Block;
            for (long block = 0; block < whole; block++) Mix(hash, schedule, bytes, offset + (int)block * Block);
            byte[] last = Padded(bytes, offset, count);
            for (int at = 0; at < last.Length; at += Block) Mix(hash, schedule, last, at);
            var digest = new byte[32];
            for (int k = 0; k < digest.Length; k++) digest[k] = (byte)(hash[k / 4] >> (24 - 8 * (k % 4)));
            return digest;
        }

        private static string Digest(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return Convert.ToBase64String(Sha256(bytes, 0, bytes.Length));
        }

        /// <summary>What is left behind the whole blocks, a one, zeros, and the length in bits.</summary>
        private static byte[] Padded(byte[] bytes, int offset, int count)
        {
            int left = count % Block;
            var last = new byte[left < Block - 8 ? Block : 2 * Block];
            Buffer.BlockCopy(bytes, offset + count - left, last, 0, left);
            last[left] = 0x80;
            ulong bits = 8 * (ulong)count;
            for (int k = 1; k <= 8; k++, bits >>= 8) last[last.Length - k] = (byte)bits;
            return last;
        }

        private static void Mix(uint[] hash, uint[] w, byte[] bytes, int at)
        {
            unchecked
            {
                for (int k = 0; k < 16; k++, at += 4)
                {
                    w[k] = (uint)(bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3]);
                }
                for (int k = 16; k < 64; k++)
                {
                    uint near = Turned(w[k - 15], 7) ^ Turned(w[k - 15], 18) ^ (w[k - 15] >> 3);
                    uint far = Turned(w[k - 2], 17) ^ Turned(w[k - 2], 19) ^ (w[k - 2] >> 10);
                    w[k] = w[k - 16] + near + w[k - 7] + far;
                }
                uint a = hash[0], b = hash[1], c = hash[2], d = hash[3];
                uint e = hash[4], f = hash[5], g = hash[6], h = hash[7];
                for (int k = 0; k < 64; k++)
                {
                    uint one = h + (Turned(e, 6) ^ Turned(e, 11) ^ Turned(e, 25)) + ((e & f) ^ (~e & g)) + Constants[k] + w[k];
                    uint two = (Turned(a, 2) ^ Turned(a, 13) ^ Turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
                    h = g;
                    g = f;
                    f = e;
                    e = d + one;
                    d = c;
                    c = b;
                    b = a;
                    a = one + two;
                }
                hash[0] += a;
                hash[1] += b;
                hash[2] += c;
                hash[3] += d;
                hash[4] += e;
                hash[5] += f;
                hash[6] += g;
                hash[7] += h;
            }
        }

        private static uint Turned(uint x, int by)
        {
            return (x >> by) | (x << (32 - by));
        }
    }
}
