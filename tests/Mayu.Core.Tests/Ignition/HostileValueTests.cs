using System.Text;
using System.Text.Json.Nodes;
using Mayu.Core.Ignition;
using Mayu.Core.Ignition.Output;
using Mayu.Core.Provisioning;
using Mayu.Core.Tests.Provisioning;
using Mayu.Core.Yaml;

namespace Mayu.Core.Tests.Ignition;

/// <summary>Values from machines and operators that were meant to be something else once they stand in a config.</summary>
public class HostileValueTests
{
    private const int Count = 10_000;

    private static readonly string[] Parts =
    [
        "\"", "'", "\\", "\n", "\r\n", "\r", "\t", "\0", "\u001b[2J", "\u0085", "\u2028", "\ufeff", "\ud800", "\udc00", "\ud83d\ude00", "&a ", "*a", "<<: ", "!!int ", "{{ 1 }}", "{%", "}}", "]", "[", "{",
        "}", ": ", "- ", "# ", "|", ">", "%", "%00", "%zz", ",", "data:", "yes", "0644", "~", "null", "../", "/", "\\u0022", "\nignition: {version: 3.3.0}\n", "\n---\n", "\",\"x\":\"", "$(id)", "`id`", "é",
    ];

    // Any value either leaves the config's keys as they are, or is refused; what was put into a file comes out of it.
    [Fact]
    public void Ten_thousand_hostile_values_change_no_key_of_a_config()
    {
        using var folder = new TemplateFolder("""
            variant: fcos
            version: 1.4.0
            storage:
              files:
                - path: /etc/hostname
                  mode: 0644
                  contents:
                    inline: {{ vars.value | yaml }}
                - path: /etc/raw
                  contents:
                    source: {{ vars.value | data_url }}
            systemd:
              units:
                - name: a.service
                  contents: {{ "[Unit]\nDescription=x\n" | yaml }}
            """);
        var benign = Shape(JsonNode.Parse(folder.Render("benign"))!);
        var random = new Random(1);
        var refused = 0;
        for (var i = 0; i < Count; i++)
        {
            var value = i % 500 == 0 ? new string('x', 65536) : string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Parts[random.Next(Parts.Length)]));
            try
            {
                var config = JsonNode.Parse(folder.Render(value))!;
                Assert.Equal(benign, Shape(config));
                Assert.Equal(Encoding.UTF8.GetBytes(value), Data((string)config["storage"]!["files"]![1]!["contents"]!["source"]!));
            }
            catch (TemplateException e) when (e.InnerException is null or YamlFaultException or IgnitionFaultsException)
            {
                refused++;
            }
        }

        Assert.True(refused < Count / 2, $"{refused} were refused");
    }

    // Whatever stands in a config where a value is expected: it is taken, or refused with its place.
    [Fact]
    public void Ten_thousand_hostile_texts_are_read_or_refused()
    {
        var random = new Random(2);
        string[] places =
        [
            "storage: {files: [{path: @}]}", "storage: {files: [{path: /a, contents: {source: @}}]}", "passwd: {users: [{name: a, passwordHash: @, sshAuthorizedKeys: [@]}]}",
            "systemd: {units: [{name: @, contents: @}]}", "@: @", "storage: {disks: [{device: @, partitions: [{label: @, guid: @}]}]}", "storage: {files: [{path: /a, mode: @}]}",
            "storage: {luks: [{name: @, device: @, clevis: {tang: [{url: @, thumbprint: @}]}}]}", "ignition: @", "kernelArguments: {shouldExist: [@]}",
        ];
        for (var i = 0; i < Count; i++)
        {
            var value = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Parts[random.Next(Parts.Length)]));
            var quoted = "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
            var text = "ignition: {version: 3.3.0}\n" + places[i % places.Length].Replace("@", i / places.Length % 2 == 0 ? quoted : value, StringComparison.Ordinal);
            try
            {
                JsonNode.Parse(IgnitionConfig.Render(text, random.Next(3) == 0 ? new IgnitionSpec(2, 3) : null));
            }
            catch (IgnitionFaultsException e)
            {
                Assert.All(e.Faults, fault => Assert.True(fault.Line >= 1 && fault.Column >= 1));
            }
        }
    }

    private static string Shape(JsonNode? node) => node switch
    {
        JsonObject map => "{" + string.Join(',', map.Select(entry => entry.Key + Shape(entry.Value))) + "}",
        JsonArray list => "[" + string.Join(',', list.Select(Shape)) + "]",
        _ => "",
    };

    private static byte[] Data(string url) => url.StartsWith("data:;base64,", StringComparison.Ordinal)
        ? Convert.FromBase64String(url["data:;base64,".Length..]) : Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url["data:,".Length..]));

    private sealed class TemplateFolder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("mayu-hostile-").FullName;
        private readonly TemplateRenderer _renderer;

        public TemplateFolder(string template)
        {
            Directory.CreateDirectory(Path.Combine(_path, "ignition"));
            File.WriteAllText(Path.Combine(_path, "ignition", "t.yaml"), template);
            _renderer = new TemplateRenderer(TestTemplates.Library(_path));
        }

        public string Render(string value)
        {
            var machine = Sample.Machine("s1") with { Overrides = Sample.Machine("s1").Overrides.SetItem("value", value) };
            return new Provisioner(_renderer, new ProvisioningSettings { Network = Sample.Network, BootUrl = "http://10.0.0.1:4081" }).Config(machine, Sample.Profile("core") with { Template = "t" }, image: null).Text;
        }

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }
}
