using System.IO.Compression;
using System.Text;
using Mayu.Core.Butane;
using Mayu.Core.Ignition.Checks;
using Mayu.Core.Yaml;

namespace Mayu.Core.Ignition.Output;

/// <summary>Translates and checks the configs that a config carries in data URLs (<c>ignition.config</c>), as it would be done with them alone.</summary>
/// <param name="around">How the config around them is written out: in the same specification, with the same files.</param>
/// <param name="faults">Takes what is wrong.</param>
internal sealed class EmbeddedConfigs(ConfigRequest around, FaultList faults)
{
    private const int MostDepth = 4;

    /// <summary>Takes all of a config.</summary>
    /// <returns>Whether one of them is another now.</returns>
    public bool Take(ConfigObject config)
    {
        if (config.Object("ignition")?.Object("config") is not { } further)
        {
            return false;
        }

        var isChanged = false;
        foreach (var reference in further.Objects("merge").Concat(further.Objects("append")).Concat(further.Object("replace") is { } replace ? [replace] : []))
        {
            if (reference["source"] is ConfigText source && Urls.Scheme(source.Text) == "data")
            {
                isChanged |= Take(reference, source);
            }
        }

        return isChanged;
    }

    private bool Take(ConfigObject reference, ConfigText source)
    {
        if (DataUrl.Read(source.Text, out var bytes) is not null)
        {
            return false; // told already
        }

        try
        {
            if (Text(bytes, reference.Text("compression") == "gzip") is not { } text)
            {
                faults.Add(source, "the config that it carries is no text in UTF-8, is not compressed as said, or is too long");
            }
            else if (around.Depth == MostDepth)
            {
                faults.Add(source, $"configs are in one another more than {MostDepth} deep");
            }
            else if (IgnitionConfig.Take(text, around with { Depth = around.Depth + 1 }) is { IsChanged: true, Config: var changed })
            {
                Replace(reference, source, ConfigJson.Write(changed));
                return true;
            }
        }
        catch (IgnitionFaultsException inner)
        {
            foreach (var fault in inner.Faults)
            {
                faults.Add(source, $"in the config that it carries, line {fault.Line}, column {fault.Column}: {fault.Message}");
            }
        }

        return false;
    }

    private void Replace(ConfigObject reference, ConfigText source, string json)
    {
        if (reference.Object("verification")?.Has("hash") == true)
        {
            faults.Add(reference.Object("verification")!.At("hash"), "the config is translated before the machine gets it, so its sum would be another: remove the hash");
        }

        var (url, compression) = DataUrls.Of(Encoding.UTF8.GetBytes(json), gzip: around.Target >= new IgnitionSpec(3, 1));
        reference.Set("source", new ConfigText(source.Place, url));
        reference.Remove("compression");
        if (compression.Length > 0)
        {
            reference.Set("compression", new ConfigText(source.Place, compression));
        }
    }

    private static string? Text(byte[] bytes, bool isCompressed)
    {
        try
        {
            using var stream = isCompressed ? new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress) : (Stream)new MemoryStream(bytes);
            var text = new byte[YamlLimits.MaxLength + 1];
            var length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return length > YamlLimits.MaxLength ? null : new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text, 0, length);
        }
        catch (Exception e) when (e is InvalidDataException or DecoderFallbackException)
        {
            return null;
        }
    }
}
