using Mayu.Protocols.Dhcp;

namespace Mayu.Bench.Smoke;

/// <summary>The packets of an iPXE that was loaded by x64 UEFI firmware.</summary>
internal static class DhcpQuestions
{
    private const int Size = 576;

    private static ReadOnlySpan<byte> X64Uefi => [0, 7];

    // What iPXE asks for: mask, router, DNS, host name, domain, MTU, vendor options, boot file and more.
    private static ReadOnlySpan<byte> Wanted => [1, 3, 6, 7, 12, 15, 17, 26, 43, 60, 66, 67, 119, 128, 129, 130, 131, 132, 133, 134, 135, 175, 203];

    // Features, a byte of version each: HTTP (0x13), bzImage (0x18), EFI (0x24).
    private static ReadOnlySpan<byte> Features => [0x13, 1, 1, 0x18, 1, 1, 0x24, 1, 1];

    public static byte[] Discover(SimulatedMachine machine, uint transaction) => Write(machine, DhcpMessageType.Discover, transaction, offer: null);

    /// <summary>The packet that takes an offer.</summary>
    public static byte[] Request(SimulatedMachine machine, uint transaction, DhcpLease offer) =>
        Write(machine, DhcpMessageType.Request, transaction, offer);

    private static byte[] Write(SimulatedMachine machine, DhcpMessageType type, uint transaction, DhcpLease? offer)
    {
        var buffer = new byte[Size];
        var writer = DhcpPacketWriter.Request(buffer, type, machine.HardwareAddress, transaction);
        writer.Broadcast = true;
        writer.AddUInt16(DhcpOptionCode.MaximumMessageSize, 1472);
        writer.Add(DhcpOptionCode.ClientSystemArchitecture, X64Uefi);
        writer.Add(DhcpOptionCode.ClientNetworkInterface, [1, 3, 10]);
        writer.Add(DhcpOptionCode.VendorClassIdentifier, "PXEClient:Arch:00007:UNDI:003010"u8);
        writer.Add(DhcpOptionCode.UserClass, "iPXE"u8);
        writer.Add(DhcpOptionCode.ParameterRequestList, Wanted);
        writer.Add(DhcpOptionCode.Etherboot, Features);
        writer.Add(DhcpOptionCode.ClientMachineIdentifier, [0, .. machine.Uuid.ToByteArray()]);
        if (offer is not null)
        {
            writer.Add(DhcpOptionCode.ServerIdentifier, offer.Server);
            writer.Add(DhcpOptionCode.RequestedAddress, offer.Address);
        }

        return buffer[..writer.Finish()];
    }
}
