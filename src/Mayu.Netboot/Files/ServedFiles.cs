using System.Diagnostics.CodeAnalysis;
using System.Text;
using Mayu.Primitives;
using Mayu.Protocols.Tftp;

namespace Mayu.Netboot.Files;

/// <summary>The files that TFTP serves, and HTTP below <c>/loaders/</c>: the first source that has a name gives it.</summary>
/// <param name="sources">Where they come from.</param>
internal sealed class ServedFiles(params IReadOnlyList<IFileSource> sources)
{
    private readonly OpenContents _contents = new();

    /// <summary>How many files of the disk are being sent.</summary>
    public int OpenFiles => _contents.Count;

    /// <summary>Whether there is a file of this name for everybody.</summary>
    public bool Has(string name)
    {
        var found = Find(name, default, isServed: false);
        found.Handle?.Dispose();
        return found.Exists;
    }

    /// <summary>Opens what a client named.</summary>
    /// <param name="asked">The name as it came.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="file">The file, the caller's to dispose of.</param>
    /// <param name="code">The code of the ERROR where there is none.</param>
    /// <param name="message">Its message.</param>
    /// <param name="netascii">Whether its line ends are to be converted.</param>
    /// <param name="isServed">Whether it is sent; otherwise only its size is wanted.</param>
    public bool TryOpen(
        ReadOnlySpan<byte> asked, Ipv4 client, [NotNullWhen(true)] out ServedFile? file, out TftpErrorCode code, out string message, bool netascii = false, bool isServed = true)
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

        var found = Find(name, client, isServed);
        if (found.Bytes is { } bytes)
        {
            file = ServedFile.InMemory(found.ShownName ?? name, netascii ? ToNetascii(bytes) : bytes);
            return true;
        }

        if (found.IsClosed)
        {
            // Not another source's file in its place: an operator who put a loader there means that one.
            (code, message) = (TftpErrorCode.AccessViolation, "the server has no permission to read this file");
            return false;
        }

        if (found.Handle is not { } handle)
        {
            return false;
        }

        code = TftpErrorCode.NotDefined;
        var opened = _contents.TryOpen(name, handle, netascii, out file, out var problem);
        message = problem ?? "";
        return opened;
    }

    /// <summary>What a client would get under a name, as an operator reads it: <c>1024 bytes</c>, <c>missing: no such file</c>.</summary>
    public string Describe(string name)
    {
        if (!TryOpen(Encoding.ASCII.GetBytes(name), client: default, out var file, out _, out var message, isServed: false))
        {
            return $"missing: {message}";
        }

        using (file)
        {
            return $"{file.Size} bytes";
        }
    }

    private static byte[] ToNetascii(byte[] text)
    {
        var encoded = new byte[Netascii.EncodedLength(text)];
        Netascii.Encode(text, encoded);
        return encoded;
    }

    private FoundFile Find(string name, Ipv4 client, bool isServed)
    {
        foreach (var source in sources)
        {
            if (source.Find(name, client, isServed) is { Exists: true } found)
            {
                return found;
            }
        }

        return default;
    }
}
