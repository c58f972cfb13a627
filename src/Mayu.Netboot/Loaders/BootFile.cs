using System.Text;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Loaders;

/// <summary>What a boot loader is told to load: a file over TFTP, or a URL. Its bytes are made once.</summary>
internal sealed class BootFile(string name)
{
    private readonly byte[] _pathPrefix = [];
    private readonly byte[]? _vendorOptions;

    /// <summary>The file's name, or the URL.</summary>
    public string Name { get; } = name;

    /// <summary>The same as the packet carries it.</summary>
    public byte[] Bytes { get; } = Encoding.ASCII.GetBytes(name);

    /// <summary>The same with a NUL at its end.</summary>
    public byte[] BytesWithNul { get; } = Encoding.ASCII.GetBytes(name + '\0');

    /// <summary>Whether UEFI HTTP boot loads it, whose answers have another option 60 and no option 43.</summary>
    public bool IsHttpBoot { get; init; }

    /// <summary>Which loader it is. PXELINUX looks for options 209 and 210 in the firmware's answer (RFC 5071).</summary>
    public BootLoader Loader { get; init; }

    /// <summary>Option 210: what PXELINUX puts before the names it asks for; null: none.</summary>
    public string? PathPrefix
    {
        get => _pathPrefix.Length == 0 ? null : Encoding.ASCII.GetString(_pathPrefix);
        init => _pathPrefix = value is null ? [] : Encoding.ASCII.GetBytes(value);
    }

    /// <summary>Option 210 as the packet carries it; empty: none.</summary>
    public ReadOnlySpan<byte> PathPrefixBytes => _pathPrefix;

    /// <summary>What is otherwise for the clients that are told it; null: nothing.</summary>
    public PxeQuirk? Quirk
    {
        get;
        init => (field, _vendorOptions) = (value, value is null or { BootMenu.IsEmpty: true } ? null : PxeVendorOptions.BootMenu(value.BootMenu.AsSpan()));
    }

    /// <summary>How long an offer of it waits before it is sent; 0: not at all.</summary>
    public int DelayMilliseconds => (int)(Quirk?.Delay.TotalMilliseconds ?? 0);

    /// <summary>Option 43 for PXE firmware.</summary>
    public ReadOnlySpan<byte> VendorOptions => _vendorOptions ?? PxeVendorOptions.LoadTheBootFile;

    /// <summary>Whether a text is an absolute URL of HTTP or HTTPS.</summary>
    public static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    /// <summary>Whether an option may be in the answer.</summary>
    public bool Sends(DhcpOptionCode code) => Quirk is null || !Quirk.OmittedOptions.Contains(code);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
