using System.Diagnostics.CodeAnalysis;
using System.Text;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Protocols.Tftp;
using Mayu.Server.Loaders;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Server.Tftp;

/// <summary>The files that TFTP serves: those made on the fly, those below the root, and the boot loaders of Debian's packages.</summary>
/// <param name="root">The folder; null for none.</param>
/// <param name="rendered">What is made on the fly; null for nothing.</param>
internal sealed class TftpFiles(string? root, IVirtualFiles? rendered = null)
{
    private readonly TftpContents _contents = new();

    /// <summary>How many files of the disk are being sent.</summary>
    public int OpenFiles => _contents.Count;

    /// <summary>Checks the folder.</summary>
    /// <param name="problem">What is wrong, as a sentence that names it; null when nothing is.</param>
    public bool TryCheck([NotNullWhen(false)] out string? problem)
    {
        problem = root is null || Directory.Exists(root) ? null : $"the TFTP root {root} is not there, or is no folder";
        return problem is null;
    }

    /// <summary>Whether a file is on the disk.</summary>
    public bool Has(string name)
    {
        using var handle = Open(name);
        return handle is not null;
    }

    /// <summary>Opens what a client named.</summary>
    /// <param name="asked">The name as it came.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="file">The file, the caller's to dispose of.</param>
    /// <param name="code">The code of the ERROR where there is none.</param>
    /// <param name="message">Its message.</param>
    /// <param name="netascii">Whether its line ends are to be converted.</param>
    public bool TryOpen(
        ReadOnlySpan<byte> asked, Ipv4 client, [NotNullWhen(true)] out TftpFile? file, out TftpErrorCode code, out string message, bool netascii = false)
    {
        file = null;
        (code, message) = (TftpErrorCode.AccessViolation, "no such name");
        if (asked.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E) || asked.Contains((byte)'\\'))
        {
            return false;
        }

        // Firmware asks for "/ipxe.efi" as often as for "ipxe.efi".
        var name = Encoding.ASCII.GetString(asked.TrimStart((byte)'/'));
        if (name.Split('/').Contains(".."))
        {
            return false;
        }

        (code, message) = (TftpErrorCode.FileNotFound, "no such file");
        if (name.Length == 0)
        {
            return false;
        }

        if (rendered is not null && rendered.TryRender(name, client, out var content))
        {
            file = TftpFile.InMemory(name, netascii ? ToNetascii(content) : content);
            return true;
        }

        if ((Elsewhere(name, client) ?? Open(name)) is not { } handle)
        {
            return false;
        }

        code = TftpErrorCode.NotDefined;
        var opened = _contents.TryOpen(name, handle, netascii, out file, out var problem);
        message = problem ?? "";
        return opened;
    }

    private static byte[] ToNetascii(byte[] text)
    {
        var encoded = new byte[Netascii.EncodedLength(text)];
        Netascii.Encode(text, encoded);
        return encoded;
    }

    private SafeFileHandle? Open(string name)
    {
        if (root is not null && OpenBeneath.Open(root, name) is { IsInvalid: false } below)
        {
            return below;
        }

        foreach (var path in LoaderFiles.PlacesOf(name))
        {
            if (OpenWhole(path) is { } packaged)
            {
                return packaged;
            }
        }

        return null;
    }

    private SafeFileHandle? Elsewhere(string name, Ipv4 client) => rendered?.PathOf(name, client) is { } path ? OpenWhole(path) : null;

    // The packages' files and images are links at times, and theirs to be.
    private static SafeFileHandle? OpenWhole(string path) => OpenBeneath.Open("/", path[1..]) is { IsInvalid: false } handle ? handle : null;
}
