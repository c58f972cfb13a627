using System.Collections.Immutable;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Loaders;

/// <summary>How a client is told its boot file: what a quirk makes of the answer. Its bytes are made once.</summary>
/// <param name="quirk">The quirk; null: none.</param>
internal sealed class BootFileManner(PxeQuirk? quirk)
{
    private readonly byte[]? _vendorOptions = quirk is null or { BootMenu.IsEmpty: true } ? null : PxeVendorOptions.BootMenu(quirk.BootMenu.AsSpan());

    /// <summary>Nothing is left out, nothing waits, and there is no menu.</summary>
    public static BootFileManner Usual { get; } = new(quirk: null);

    /// <summary>Options that the client must not see.</summary>
    public ImmutableArray<DhcpOptionCode> OmittedOptions { get; } = quirk?.OmittedOptions ?? [];

    /// <summary>The largest TFTP block that the client is given; null: any.</summary>
    public int? MaximumBlockSize { get; } = quirk?.MaximumBlockSize;

    /// <summary>How long an offer of it waits before it is sent; 0: not at all.</summary>
    public int DelayMilliseconds { get; } = (int)(quirk?.Delay.TotalMilliseconds ?? 0);

    /// <summary>Option 43 for PXE firmware.</summary>
    public ReadOnlySpan<byte> VendorOptions => _vendorOptions ?? PxeVendorOptions.LoadTheBootFile;
}
