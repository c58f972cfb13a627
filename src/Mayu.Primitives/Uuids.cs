using System.Buffers.Binary;

namespace Mayu.Primitives;

/// <summary>
/// DMI UUIDs in their two byte orders. SMBIOS 2.6 (7.2.1) made the first three fields little-endian; older firmware and some boot loaders
/// tell them the other way round, and mean the same machine.
/// </summary>
public static class Uuids
{
    /// <summary>The same UUID in the other byte order.</summary>
    public static Guid Swapped(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return new Guid(bytes);
    }

    /// <summary>One of the two byte orders, the same for both: what UUIDs are compared and indexed by.</summary>
    public static Guid Canonical(Guid uuid)
    {
        var swapped = Swapped(uuid);
        return First(uuid) <= First(swapped) ? uuid : swapped;
    }

    /// <summary>Whether the two are one UUID, in whichever byte orders.</summary>
    public static bool AreSame(Guid one, Guid other) => one == other || Swapped(one) == other;

    // The three fields that the orders differ in; the last eight bytes are the same in both.
    private static ulong First(Guid uuid)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
