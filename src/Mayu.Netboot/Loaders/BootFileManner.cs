using System.Collections.Immutable;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Loaders;

/// <summary>How a client is told its boot file: what a quirk makes of the answer. Its bytes are made once.</summary>
internal sealed class BootFileManner
{
    private readonly byte[]? _vendorOptions;

    /// <param name="quirk">The quirk.</param>
    public BootFileManner(PxeQuirk quirk)
    {
        OmittedOptions = quirk.OmittedOptions;
        MaximumBlockSize = quirk.MaximumBlockSize;
        DelayMilliseconds = (int)quirk.Delay.TotalMilliseconds;
        _vendorOptions = quirk.BootMenu.IsEmpty ? null : PxeVendorOptions.BootMenu(quirk.BootMenu.AsSpan());
    }

    private BootFileManner()
    {
    }

    /// <summary>Nothing is left out, nothing waits, and there is no menu.</summary>
    public static BootFileManner Usual { get; } = new();

    /// <summary>Options that the client must not see.</summary>
    public ImmutableArray<DhcpOptionCode> OmittedOptions { get; } = [];

    /// <summary>The largest TFTP block that the client is given; null: any.</summary>
    public int? MaximumBlockSize { get; }

    /// <summary>How long an offer of it waits before it is sent; 0: not at all.</summary>
    public int DelayMilliseconds { get; }

    /// <summary>Option 43 for PXE firmware.</summary>
    public ReadOnlySpan<byte> VendorOptions => _vendorOptions ?? PxeVendorOptions.LoadTheBootFile;
}
