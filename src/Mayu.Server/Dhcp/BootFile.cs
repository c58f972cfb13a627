using System.Text;
using Mayu.Protocols.Pxe;

namespace Mayu.Server.Dhcp;

/// <summary>What a boot loader is told to load: a file over TFTP, or a URL. Its bytes are made once.</summary>
internal sealed class BootFile
{
    public BootFile(string name)
    {
        Name = name;
        Bytes = Encoding.ASCII.GetBytes(name);
    }

    /// <summary>The loader for each architecture that Mayu has one for; Debian's package ipxe brings both.</summary>
    public static IReadOnlyDictionary<ClientArchitecture, BootFile> Defaults { get; } = new Dictionary<ClientArchitecture, BootFile>
    {
        [ClientArchitecture.BiosX86] = new("undionly.kpxe"),
        [ClientArchitecture.UefiX64] = new("ipxe.efi"),
        // 64-bit firmware of some makers says byte code.
        [ClientArchitecture.UefiByteCode] = new("ipxe.efi"),
    };

    /// <summary>The file's name, or the URL.</summary>
    public string Name { get; }

    /// <summary>The same as the packet carries it.</summary>
    public byte[] Bytes { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
