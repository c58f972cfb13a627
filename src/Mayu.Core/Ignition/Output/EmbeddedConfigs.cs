using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Mayu.Core.Butane;
using Mayu.Core.Ignition.Checks;
using Mayu.Core.Json;
using Mayu.Core.Yaml;

namespace Mayu.Core.Ignition.Output;

/// <summary>Translates and checks the configs that a config carries in data URLs (<c>ignition.config</c>), as it would be done with them alone.</summary>
/// <param name="around">What was asked for with the config around them: the same machine reads them.</param>
/// <param name="spec">The specification that the config around them is written out in.</param>
/// <param name="faults">Takes what is wrong.</param>
internal sealed class EmbeddedConfigs(ConfigRequest around, IgnitionSpec spec, FaultList faults)
{
    private const int PortionBytes = 64 * 1024;

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
            else if (!around.Budget.TrySpend(text.Length))
            {
                faults.Add(source, $"there are more than {EmbeddedBudget.MostConfigs} configs in one another, or they have more than {EmbeddedBudget.MostCharacters} characters together");
            }
            else if (around.Depth == MostDepth)
            {
                faults.Add(source, $"configs are in one another more than {MostDepth} deep");
            }
            else if (IgnitionConfig.Take(text, Inner()) is var (config, isChanged) && (isChanged || !IsJson(text)))
            {
                Replace(reference, source, ConfigJson.Write(config));
                return true;
            }
        }
        catch (IgnitionFaultsException inner)
        {
            foreach (var fault in inner.Faults)
            {
                // Its keys are part of the value.
                var detail = $"{fault.Problem[fault.BareProblem.Length..]}{(fault.Path.Length == 0 ? "" : $" ({fault.Path})")}";
                faults.Add(source.Place, $"in the config that it carries, line {fault.Line}, column {fault.Column}: {fault.BareProblem}", detail);
            }
        }

        return false;
    }

    // A machine reads configs of several specifications, but of one generation.
    private ConfigRequest Inner() => around with
    {
        Target = around.Target ?? IgnitionSpec.Supported.Last(one => one.Major == spec.Major),
        Depth = around.Depth + 1,
        IsUnchecked = null, // its places are others; what is told of it is told at its place in the config around it
    };

    // Ignition reads nothing else.
    private static bool IsJson(string text)
    {
        try
        {
            return BoundedJson.Element(text, YamlLimits.MaxLength).ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Replace(ConfigObject reference, ConfigText source, string json)
    {
        if (reference.Object("verification")?.Has("hash") == true)
        {
            faults.Add(reference.Object("verification")!.At("hash"), "the config is translated before the machine gets it, so its sum would be another: remove the hash");
        }

        var (url, compression) = DataUrls.Of(Encoding.UTF8.GetBytes(json), gzip: spec >= new IgnitionSpec(3, 1));
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
            return (isCompressed ? Decompressed(bytes) : bytes) is { Length: <= YamlLimits.MaxLength } text ? new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text) : null;
        }
        catch (Exception e) when (e is InvalidDataException or DecoderFallbackException)
        {
            return null;
        }
    }

    // Null: it is too long.
    private static byte[]? Decompressed(byte[] bytes)
    {
        using var stream = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var text = new MemoryStream();
        var portion = new byte[PortionBytes];
        while (stream.Read(portion) is > 0 and var length)
        {
            text.Write(portion, 0, length);
            if (text.Length > YamlLimits.MaxLength)
            {
                return null;
            }
        }

        return text.ToArray();
    }
}

/// <summary>What configs in a config may take together: each may carry many, and a compressed one many times its length.</summary>
internal sealed class EmbeddedBudget
{
    /// <summary>The most configs.</summary>
    public const int MostConfigs = 100;

    /// <summary>The most characters that they have together.</summary>
    public const int MostCharacters = 8 * 1024 * 1024;

    private int _configs = MostConfigs;
    private int _characters = MostCharacters;

    /// <summary>Takes one config.</summary>
    /// <param name="length">Its length in characters.</param>
    public bool TrySpend(int length)
    {
        (_configs, _characters) = (_configs - 1, _characters - length);
        return _configs >= 0 && _characters >= 0;
    }
}
