using System.Text;
using Mayu.Core.Ignition;

namespace Mayu.Core.Butane;

/// <summary>Puts contents that stand in the config or in files of their own where Ignition has them.</summary>
/// <param name="files">The files.</param>
/// <param name="gzip">Whether the machine's Ignition decompresses a data URL.</param>
/// <param name="faults">Takes what is wrong.</param>
internal sealed class EmbeddedContents(IEmbeddedFiles files, bool gzip, FaultList faults)
{
    private const long MostBytes = 8 * 1024 * 1024;

    private static readonly string[] Sources = ["source", "inline", "local", "inlineButane", "localButane"];

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private long _bytes;

    /// <summary>Makes a <c>source</c> of what a resource has instead of one.</summary>
    public void TakeResource(ConfigObject resource)
    {
        var given = Sources.Where(resource.Has).ToList();
        if (given.Count > 1)
        {
            faults.Add(resource.At(given[1]), $"there is a {resource.Type[given[0]]!.ButaneName} already: write one of source, inline and local");
        }

        foreach (var key in given.Where(key => key != "source"))
        {
            if (key.EndsWith("Butane", StringComparison.Ordinal) && !resource.Place.Path.StartsWith("ignition.config.", StringComparison.Ordinal))
            {
                faults.Add(resource.At(key), "Mayu translates a Butane config in another one only below ignition.config: write the Ignition config here");
            }
            else if (Bytes(resource[key]!, isText: key.StartsWith("inline", StringComparison.Ordinal)) is { } bytes)
            {
                SetSource(resource, bytes, resource[key]!.Place);
            }

            resource.Remove(key);
        }
    }

    /// <summary>Reads the text that a key names a file for.</summary>
    public void TakeText(ConfigObject of, string localKey, string key)
    {
        if (of.Has(localKey) && of.Has(key))
        {
            faults.Add(of.At(localKey), $"there is a {key} already: write one of the two");
        }

        if (of[localKey] is { } local && Text(local) is { } text)
        {
            of.Set(key, new ConfigText(local.Place, text));
        }

        of.Remove(localKey);
    }

    /// <summary>Reads the public keys of a user from files, one a line.</summary>
    public void TakeKeys(ConfigObject user)
    {
        foreach (var local in user.Texts("sshAuthorizedKeysLocal").ToList())
        {
            foreach (var line in (Text(local) ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                user.ListOf("sshAuthorizedKeys").Items.Add(new ConfigText(local.Place, line));
            }
        }

        user.Remove("sshAuthorizedKeysLocal");
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="at">The key that names it.</param>
    /// <param name="name">Which one of several it is.</param>
    /// <returns>Null where that failed, which is told.</returns>
    public ReadOnlyMemory<byte>? File(string path, Place at, string name = "")
    {
        try
        {
            return Counted(files.Read(path), at);
        }
        catch (EmbeddedFileException e)
        {
            faults.Add(at, name.Length == 0 ? e.Message : $"{name}: {e.Message}");
            return null;
        }
    }

    /// <summary>Sets what a resource carries. Its compression is said in any case, so that a config that this one is merged with does not say another.</summary>
    public void SetSource(ConfigObject resource, ReadOnlyMemory<byte> bytes, Place at)
    {
        var isCompressed = resource.HasText("compression");
        var (url, compression) = DataUrls.Of(bytes, gzip && !isCompressed);
        resource.Set("source", new ConfigText(at, url));
        if (!isCompressed && (compression.Length > 0 || gzip))
        {
            resource.Set("compression", new ConfigText(at, compression));
        }
    }

    private ReadOnlyMemory<byte>? Bytes(ConfigValue value, bool isText) => value switch
    {
        ConfigText text when isText => Counted(Encoding.UTF8.GetBytes(text.Text), value.Place),
        ConfigText path => File(path.Text, value.Place),
        _ => null,
    };

    private string? Text(ConfigValue local)
    {
        if (local is not ConfigText path || File(path.Text, local.Place) is not { } bytes)
        {
            return null;
        }

        try
        {
            return Utf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            faults.Add(local, "the file is not UTF-8, so it is no text");
            return null;
        }
    }

    private ReadOnlyMemory<byte>? Counted(ReadOnlyMemory<byte> bytes, Place at)
    {
        _bytes += bytes.Length;
        if (_bytes <= MostBytes)
        {
            return bytes;
        }

        faults.Add(at, $"a config embeds at most {MostBytes} bytes, and with this it would be more: let the machine fetch large files (source)");
        return null;
    }
}
