using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Tests.Provisioning;
using Mayu.Core.Tests.Yaml;
using Mayu.Core.Yaml;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Hostile;

/// <summary>What a config is made from, with a hostile value in one place.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Variables">The operator's variables.</param>
/// <param name="Value">The value as it was taken: a serial is in lower case.</param>
internal sealed record HostileInput(Machine Machine, YamlMap Variables, string Value);

/// <summary>Where values from outside come into a config, each by the door that they come through.</summary>
/// <param name="Name">The place.</param>
/// <param name="With">The input with a value there; null: the door refuses it.</param>
internal sealed record HostilePlace(string Name, Func<string, HostileInput?> With)
{
    // The value is the comment of the key.
    private const string PublicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ";
    private const string Hole = "(here)";
    private const string Keys = "ssh_authorized_keys";

    private static readonly string Variables = YamlText();

    /// <summary>All of them.</summary>
    public static ImmutableArray<HostilePlace> All { get; } =
    [
        new("serial", value => Serial.TryParse(value, out var serial, out _) ? Of(Machine with { Serial = serial }, serial.Text) : null),
        new("override hostname", value => Override("hostname", value)),
        new("override disk", value => Override("disk", value)),
        new("override root_password", value => Override("root_password", value)),
        new("override reboot_strategy", value => Override("reboot_strategy", value)),
        new("override product", value => Override("product", value)),
        new("facts, boot interface", value => Of(Machine with { ConnectedNic = value }, value)),
        new("tag", value => OperatorChanges.SetTags(Machine, ["role=" + value]) is Proposal.Put put ? Of(put.Machine, value) : null),
        new("variable ssh_authorized_keys", value => Variable(root => root[Keys]![0] = PublicKey + Hole, value)),
        new("variable talos.machine_token", value => Variable(root => root["talos"]!["machine_token"] = Hole, value)),
        new("variable talos.endpoint", value => Variable(root => root["talos"]!["endpoint"] = Hole, value)),
    ];

    // The host name is its own, so that the serial alone differs.
    private static Machine Machine => ExampleText.Machine with { Hostname = "node-0" };

    private static HostileInput Of(Machine machine, string value) => new(machine, (YamlMap)YamlLoader.Load(Variables)!, value);

    private static HostileInput? Override(string name, string value) => OperatorChanges.Override(Machine, name, value) is Proposal.Put put ? Of(put.Machine, value) : null;

    private static HostileInput? Variable(Action<JsonNode> set, string value)
    {
        var root = JsonNode.Parse(Variables)!;
        set(root);
        try
        {
            var quoted = string.Concat(value.Select(c => $"\\u{(int)c:x4}"));
            return new HostileInput(Machine, (YamlMap)YamlLoader.Load(root.ToJsonString().Replace(Hole, quoted, StringComparison.Ordinal))!, value);
        }
        catch (YamlFaultException)
        {
            return null;
        }
    }

    private static string YamlText() => YamlToJson.Convert(YamlLoader.Load(ExampleText.Variables))!.ToJsonString();
}
