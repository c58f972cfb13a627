using System.Buffers.Binary;

namespace Mayu.Protocols.Tests.Dhcp;

/// <summary>Lays out a packet byte by byte, right or wrong, without any code of the codec under test.</summary>
internal sealed class RawPacket
{
    private readonly List<byte> _options = [];

    public byte Operation { get; init; } = 1;

    public byte HardwareType { get; init; } = 1;

    public byte HardwareLength { get; init; } = 6;

    public byte[] HardwareAddress { get; init; } = [0x52, 0x54, 0, 0, 0, 1];

    public ushort Flags { get; init; }

    public uint RelayAddress { get; init; }

    public uint ClientAddress { get; init; }

    public byte[] ServerName { get; init; } = [];

    public byte[] BootFile { get; init; } = [];

    public uint Cookie { get; init; } = 0x63825363;

    public bool WithoutEnd { get; init; }

    public int PaddedTo { get; init; }

    public RawPacket Option(byte code, params byte[] value)
    {
        _options.Add(code);
        _options.Add((byte)value.Length);
        _options.AddRange(value);
        return this;
    }

    public RawPacket Raw(params byte[] bytes)
    {
        _options.AddRange(bytes);
        return this;
    }

    public byte[] ToBytes()
    {
        var header = new byte[240];
        header[0] = Operation;
        header[1] = HardwareType;
        header[2] = HardwareLength;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), 0xCAFEBABE);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(8), 4);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), Flags);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(12), ClientAddress);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), RelayAddress);
        HardwareAddress.CopyTo(header, 28);
        ServerName.CopyTo(header, 44);
        BootFile.CopyTo(header, 108);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(236), Cookie);

        var bytes = new List<byte>(header);
        bytes.AddRange(_options);
        if (!WithoutEnd)
        {
            bytes.Add(255);
        }

        while (bytes.Count < PaddedTo)
        {
            bytes.Add(0);
        }

        return [.. bytes];
    }
}
