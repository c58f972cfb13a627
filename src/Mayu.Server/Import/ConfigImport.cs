using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Mayu.Core.Yaml;
using Mayu.Server.Configuration;
using Mayu.Server.Configuration.Settings;
using Mayu.Server.ConfigViews;

namespace Mayu.Server.Import;

/// <summary>A configuration of the first Mayu as one of this version.</summary>
/// <param name="Text">The new file.</param>
/// <param name="Losses">What is not carried over.</param>
internal sealed record ConfigImport(string Text, ImmutableArray<ImportLoss> Losses)
{
    /// <summary>Makes it.</summary>
    /// <param name="old">The old file, in either shape.</param>
    /// <param name="address">The server's address, if it was told.</param>
    public static ConfigImport Of(YamlMap old, string? address)
    {
        var losses = new List<ImportLoss>();
        var (root, into) = (new OldSection("", old, losses), new JsonObject());
        OldNetwork.Add(root.Section("network"), address, into);
        var (coreos, flatcar) = (root.Text("default_coreos_version"), root.Text("default_flatcar_version"));
        if ((flatcar ?? coreos) is { } version)
        {
            into["defaults"] = new JsonObject { ["image"] = version };
        }

        var profiles = new JsonArray([.. root.Sections("profiles").Select(profile => (JsonNode)Profile(profile, losses))]);
        if (profiles.Count > 0)
        {
            into["profiles"] = profiles;
        }

        if (root.Take("templates_env") is YamlMap { Entries.Length: > 0 } variables)
        {
            into["vars"] = Value(variables, "templates_env", losses);
        }
        else
        {
            root.Lose("templates_env", "a map was expected here");
        }

        root.Close();
        return new ConfigImport(YamlBlock.Of(into), [.. losses.OrderBy(loss => loss.Line)]);
    }

    /// <summary>What the new file still lacks, each a sentence.</summary>
    /// <param name="file">What it is called.</param>
    public IEnumerable<string> Problems(string file)
    {
        var reader = ConfigurationReader.Read(file, Text, OutsideValues.None);
        ConfigurationSchema.Bind(reader);
        return reader.Problems.Select(problem => problem.ToString());
    }

    private static JsonObject Profile(OldSection section, List<ImportLoss> losses)
    {
        var profile = new JsonObject();
        if (section.Text("name") is { } name)
        {
            profile["name"] = name;
        }

        if (section.Number("quantity") is { } quantity)
        {
            profile["quantity"] = quantity;
        }

        var tags = section.Texts("tags").ToLookup(tag => Core.Machines.Tag.IsValid(tag.Text));
        losses.AddRange(tags[false].Select(tag => new ImportLoss(section.PathOf("tags"), tag.Line, $"\"{tag.Text}\" is not a tag: write it as key=value")));
        if (tags[true].Any())
        {
            profile["tags"] = new JsonArray([.. tags[true].Select(tag => (JsonNode?)JsonValue.Create(tag.Text))]);
        }

        var (coreos, flatcar) = (section.Text("coreos_version"), section.Text("flatcar_version"));
        if ((flatcar ?? coreos) is { } version)
        {
            profile["image"] = version;
        }

        if (section.Text("etcd_cluster_token") is { } token)
        {
            if (EtcdDiscoverySettings.IsToken(token))
            {
                profile["etcd_token"] = token;
            }
            else
            {
                section.Lose("etcd_cluster_token", $"a token has {EtcdDiscoverySettings.TokenLength} hexadecimal digits, lower case: set profiles[].etcd_token");
            }
        }

        section.Lose("disable_engine", "it was for fleet: set it in your template");
        section.Close();
        return profile;
    }

    // The first Mayu read YAML 1.1: what that takes for a boolean is one here too.
    private static JsonNode? Value(YamlNode node, string path, List<ImportLoss> losses) => node switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, Value(entry.Value, CoreSchema.Below(path, entry.Key.Text), losses)))),
        YamlList list => new JsonArray([.. list.Items.Select((item, i) => Value(item, $"{path}[{i}]", losses))]),
        YamlScalar { Tag: YamlTag.Plain, Text: "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y" } => JsonValue.Create(true),
        YamlScalar { Tag: YamlTag.Plain, Text: "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N" } => JsonValue.Create(false),
        YamlScalar scalar => Scalar(scalar, path, losses),
        _ => null,
    };

    private static JsonValue? Scalar(YamlScalar scalar, string path, List<ImportLoss> losses)
    {
        try
        {
            return CoreSchema.KindOf(scalar) switch
            {
                YamlKind.Null => null,
                YamlKind.Boolean => JsonValue.Create(CoreSchema.Boolean(scalar.Text) == true),
                YamlKind.Whole when long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
                YamlKind.Real when decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
                _ => JsonValue.Create(scalar.Text),
            };
        }
        catch (YamlFaultException e)
        {
            losses.Add(new ImportLoss(path, scalar.Line, $"\"{scalar.Text}\" is taken as a string: {e.Message}"));
            return JsonValue.Create(scalar.Text);
        }
    }
}
