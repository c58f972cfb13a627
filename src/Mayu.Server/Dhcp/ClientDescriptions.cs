using Mayu.Protocols.Net;
using Mayu.Protocols.Pxe;

namespace Mayu.Server.Dhcp;

/// <summary>
/// Who a client is, in words for the trace. A rack says few different things, so the words are made once. Not safe for several threads at once.
/// </summary>
internal sealed class ClientDescriptions
{
    private const int Most = 256;
    private const int LongestVendorClass = 60;

    private readonly Dictionary<(PxeClientKind, ClientArchitecture?), string> _loaders = [];
    private readonly Dictionary<string, string> _systems = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _systemsByText;

    public ClientDescriptions() => _systemsByText = _systems.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The words.</summary>
    public string Of(in PxeClientInfo loader) => loader.Kind == PxeClientKind.Plain ? OfSystem(loader.VendorClass) : OfLoader(loader);

    private string OfLoader(in PxeClientInfo loader)
    {
        if (_loaders.TryGetValue((loader.Kind, loader.Architecture), out var known))
        {
            return known;
        }

        var architecture = loader.Architecture is { } told ? $"{told} ({(ushort)told})" : "no architecture told";
        var text = loader.Kind switch
        {
            PxeClientKind.Ipxe => $"iPXE on {architecture}",
            PxeClientKind.Pxe => $"PXE firmware, {architecture}",
            _ => $"UEFI HTTP boot, {architecture}",
        };
        if (_loaders.Count < Most)
        {
            _loaders.Add((loader.Kind, loader.Architecture), text);
        }

        return text;
    }

    private string OfSystem(ReadOnlySpan<byte> vendorClass)
    {
        if (vendorClass.IsEmpty)
        {
            return "an operating system";
        }

        Span<char> raw = stackalloc char[LongestVendorClass];
        raw = raw[..Math.Min(vendorClass.Length, LongestVendorClass)];
        for (var i = 0; i < raw.Length; i++)
        {
            raw[i] = (char)vendorClass[i];
        }

        if (_systemsByText.TryGetValue(raw, out var known))
        {
            return known;
        }

        var text = $"an operating system ({WireText.Printable(vendorClass, LongestVendorClass)})";
        if (_systems.Count < Most)
        {
            _systems.Add(raw.ToString(), text);
        }

        return text;
    }
}
