using System.Runtime.InteropServices;

namespace A2F.Core
{
    /// <summary>A float and its 32 bits, without an array between them.</summary>
    [StructLayout(LayoutKind.Explicit)]
    internal struct Floats
    {
        [FieldOffset(0)] public int Bits;
        [FieldOffset(0)] public float Value;
    }
}
