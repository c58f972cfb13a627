using Mayu.Protocols.Net;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Dhcp;

/// <summary>
/// Who a client is, in words for the trace. A rack says few different things, so the words are made once; who makes things up makes no words
/// any more when there are many. Safe from any thread.
/// </summary>
internal sealed class ClientDescriptions
{
    private const int Most = 256;
    private const int LongestVendorClass = 60;
    private const string SomeSystem = "an operating system";

    private readonly Dictionary<int, string> _loaders = [];
    private readonly Dictionary<string, string> _systems = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _systemsByText;

    public ClientDescriptions() => _systemsByText = _systems.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The words.</summary>
    public string Of(in PxeClientInfo loader)
    {
        lock (_loaders)
        {
            return loader.Kind == PxeClientKind.Plain ? OfSystem(loader.VendorClass) : OfLoader(loader);
        }
    }

    private string OfLoader(in PxeClientInfo loader)
    {
        var key = ((int)loader.Kind << 20) | (loader.Architecture is { } architecture ? (int)architecture + 1 : 0);
        if (_loaders.TryGetValue(key, out var known))
        {
            return known;
        }

        // An architecture that exists always has its words, whatever others made up before.
        if (_loaders.Count >= Most && loader.Architecture is { } unreal && !Enum.IsDefined(unreal))
        {
            return "a loader of an architecture that does not exist";
        }

        var text = WordsOf(loader.Kind, loader.Architecture);
        _loaders.Add(key, text);
        return text;
    }

    private static string WordsOf(PxeClientKind kind, ClientArchitecture? told)
    {
        var architecture = told is not { } named ? "no architecture" : Enum.IsDefined(named) ? ClientArchitectureName.Of(named) : $"architecture {(ushort)named}";
        return kind switch
        {
            PxeClientKind.Ipxe => $"iPXE on {architecture}",
            PxeClientKind.Pxe => $"PXE firmware, {architecture}",
            PxeClientKind.UBoot => $"U-Boot, {architecture}",
            _ => $"UEFI HTTP boot, {architecture}",
        };
    }

    private string OfSystem(ReadOnlySpan<byte> vendorClass)
    {
        if (vendorClass.IsEmpty)
        {
            return SomeSystem;
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

        if (_systems.Count >= Most)
        {
            return SomeSystem;
        }

        var text = $"{SomeSystem} ({WireText.Printable(vendorClass, LongestVendorClass)})";
        _systems.Add(raw.ToString(), text);
        return text;
    }
}
