using System;

namespace A2F.Core
{
    /// <summary>Samples to the bytes of the wire, and back.</summary>
    public static class Pcm
    {
        /// <summary>Largest magnitude that a server takes in f32le, protocol §6.</summary>
        private const float FloatPeakMost = 16;

        /// <summary>Bytes of one sample.</summary>
        public static int BytesOf(SampleFormat format)
        {
            return format == SampleFormat.S16le ? 2 : format == SampleFormat.F32le ? 4 : 1;
        }

        /// <summary>Whole sample frames in so many bytes.</summary>
        public static int FramesIn(int bytes, AudioFormat format)
        {
            return bytes / (BytesOf(format.Format) * Math.Max(1, format.Channels));
        }

        /// <summary>
        /// Write mono samples, full scale −1 … 1. What is not a number becomes silence; what is beyond full scale is
        /// held there (s16le) or at ± 16 (f32le).
        /// </summary>
        /// <param name="format">S16le or F32le.</param>
        /// <param name="at">Where in <paramref name="into"/> to begin.</param>
        /// <returns>Bytes written; 0 where the arrays are too short, or the format is another one.</returns>
        public static int Write(float[] samples, int start, int count, SampleFormat format, byte[] into, int at)
        {
            int size = BytesOf(format);
            bool isShort = samples == null || into == null || start < 0 || count < 0 || at < 0
                || start > samples.Length - count || (long)count * size > into.Length - at;
            if (isShort || size == 1) return 0;
            for (int k = start; k < start + count; k++, at += size)
            {
                int bits = size == 2 ? Whole(samples[k]) : Held(samples[k]);
                into[at] = (byte)bits;
                into[at + 1] = (byte)(bits >> 8);
                if (size == 2) continue;
                into[at + 2] = (byte)(bits >> 16);
                into[at + 3] = (byte)(bits >> 24);
            }
            return count * size;
        }

        /// <summary>Read samples as mono, full scale −1 … 1: the mean of the channels.</summary>
        /// <param name="pcm">Samples in that format; what is left of a frame at the end is passed over.</param>
        /// <param name="at">Where in <paramref name="into"/> to begin.</param>
        /// <returns>Sample frames read; what does not fit is left out.</returns>
        public static int ReadMono(ArraySegment<byte> pcm, AudioFormat format, float[] into, int at)
        {
            if (pcm.Array == null || format == null || into == null || at < 0 || at > into.Length) return 0;
            int channels = Math.Max(1, format.Channels);
            int size = BytesOf(format.Format);
            int frames = Math.Min(FramesIn(pcm.Count, format), into.Length - at);
            int from = pcm.Offset;
            for (int frame = 0; frame < frames; frame++)
            {
                double sum = 0;
                for (int k = 0; k < channels; k++, from += size) sum += Sample(pcm.Array, from, format.Format);
                into[at + frame] = (float)(sum / channels);
            }
            return frames;
        }

        private static double Sample(byte[] bytes, int at, SampleFormat format)
        {
            switch (format)
            {
                case SampleFormat.S16le: return (short)(bytes[at] | bytes[at + 1] << 8) / 32768.0;
                case SampleFormat.F32le: return BitConverter.ToSingle(bytes, at);
                case SampleFormat.Ulaw: return Ulaw(bytes[at]) / 32768.0;
                default: return Alaw(bytes[at]) / 32768.0;
            }
        }

        /// <summary>ITU-T G.711, µ-law: 14 bits, given as the upper ones of 16.</summary>
        private static int Ulaw(int code)
        {
            int bits = ~code & 0xff;
            int size = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
            return (bits & 0x80) != 0 ? -size : size;
        }

        /// <summary>ITU-T G.711, A-law: 13 bits, given as the upper ones of 16.</summary>
        private static int Alaw(int code)
        {
            int bits = code ^ 0x55;
            int exponent = (bits >> 4) & 7;
            int low = ((bits & 15) << 4) + 8;
            int size = exponent > 0 ? (low + 256) << (exponent - 1) : low;
            return (bits & 0x80) != 0 ? size : -size;
        }

        /// <summary>The nearest of 65,536 steps, held; what is no number is 0.</summary>
        private static int Whole(float sample)
        {
            double value = sample * 32768.0;
            if (value >= 32767) return 32767;
            if (value <= -32768) return -32768;
            // Casts cut towards zero, so what is cut is kept above it.
            return double.IsNaN(value) ? 0 : (int)(value + 32768.5) - 32768;
        }

        private static int Held(float sample)
        {
            if (sample > FloatPeakMost) sample = FloatPeakMost;
            else if (sample < -FloatPeakMost) sample = -FloatPeakMost;
            else if (float.IsNaN(sample)) sample = 0;
            return new Floats { Value = sample }.Bits;
        }
    }
}
