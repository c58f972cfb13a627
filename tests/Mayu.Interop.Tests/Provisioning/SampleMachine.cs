using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Core.Tests.Provisioning;
using Mayu.Primitives;

namespace Mayu.Interop.Tests.Provisioning;

/// <summary>A machine, and the files that a template of an Ignition config gives it.</summary>
internal static class SampleMachine
{
    public const string Mac = "52:54:00:00:00:01";

    public static Ipv4 Address(string text) => Ipv4.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));

    public static Ipv4Subnet Subnet(string text) => Ipv4Subnet.TryParse(text, out var subnet) ? subnet! : throw new ArgumentException(text, nameof(text));

    /// <summary>The files of its config, by path.</summary>
    /// <param name="entries">Entries of <c>storage.files</c>, not indented: a template.</param>
    /// <param name="model">How its interface is set up.</param>
    /// <param name="extra">Further interfaces; each has the first address of its range.</param>
    public static Dictionary<string, string> FilesOf(string entries, NicModel model, params ImmutableArray<ExtraNic> extra)
    {
        var folder = Directory.CreateTempSubdirectory("mayu-it-templates-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "ignition"));
            Directory.CreateDirectory(Path.Combine(folder, "snippets"));
            File.WriteAllText(Path.Combine(folder, "snippets", "entries.yaml"), entries);
            File.WriteAllText(Path.Combine(folder, "ignition", "sample.yaml"), "ignition: {version: 3.3.0}\nstorage:\n  files:\n{{ include \"entries.yaml\" | indent 4 }}\n");
            var renderer = new TemplateRenderer(new TemplateLibrary(new TestTemplates(folder), new TestTemplates(Path.Combine(folder, "snippets"))));
            var config = new Provisioner(renderer, new ProvisioningSettings { Network = Network(model), ExtraNics = extra, BootUrl = "http://10.0.0.1:4081" }).Config(
                Machine(extra), new Profile { Name = "core", Quantity = 1, Image = "os", Template = "sample" }, image: null);
            return JsonNode.Parse(config.Text)!["storage"]!["files"]!.AsArray().ToDictionary(
                file => (string)file!["path"]!,
                file => Encoding.UTF8.GetString(Convert.FromBase64String(((string)file!["contents"]!["source"]!)["data:;base64,".Length..])));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static NetworkPlan Network(NicModel model) => new()
    {
        Subnet = Subnet("10.0.0.0/24"),
        ServerAddress = Address("10.0.0.1"),
        Router = Address("10.0.0.1"),
        Dns = [Address("10.0.0.1"), Address("10.0.0.2")],
        Ntp = [Address("10.0.0.1")],
        Domain = "cluster.example",
        Model = model,
    };

    public static Machine Machine(ImmutableArray<ExtraNic> extra) => new()
    {
        Serial = Serial.TryParse("sample-1", out var serial, out _) ? serial : throw new InvalidOperationException(),
        State = MachineState.Configured,
        InternalAddress = Address("10.0.0.10"),
        MacAddresses = [MacAddress.TryParse(Mac, out var mac) ? mac : throw new InvalidOperationException()],
        ConnectedNic = "eth0",
        AdditionalAddresses = extra.ToImmutableSortedDictionary(nic => nic.Name, nic => nic.Range.Start),
    };
}
