using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Core.Yaml;

namespace Mayu.Core.Tests.Provisioning;

public sealed class ProvisionerFaultTests : IDisposable
{
    private const string Version = "ignition: {version: 3.3.0}\n";

    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-templates-").FullName;

    // From each stage: the template's grammar, rendering, YAML, its types, JSON, the version. Whatever it is, it is a TemplateException that names the place.
    [Theory]
    [InlineData("{{ if }}", "line 1, column")]
    [InlineData("{{ machine.nonsense }}", "nonsense")]
    [InlineData("{{ x = {}; x.a = x; x | json }}", "line 1, column")]
    [InlineData("{{ 1 / 0 }}", "line 1, column")]
    [InlineData("a: [1", "not valid YAML")]
    [InlineData(Version + "x: &x [*x]", "line 2, column 8")]
    [InlineData(Version + "storage: yes", "line 2, column 10: storage: it must be a map")]
    [InlineData(Version + "storage:\n  files:\n    - path: /a\n      overwrite: yes", "line 5, column 18: storage.files[0].overwrite: `yes` is true in YAML 1.1")]
    [InlineData(Version + "storage:\n  files:\n    - path: /a\n      size: 0644", "line 5, column 7: storage.files[0]: Ignition has no such key here")]
    [InlineData(Version + "storage: {files: [{path: /a, mode: 1e999}]}", "the mode in octal")]
    [InlineData(Version + "storage: {files: [{path: /a, mode: {{ vars.big }}}]}", "too large")]
    [InlineData("ignition: {version: 3.3}", "ignition.version: it is not a version that Mayu knows, which are 2.2.0, 2.3.0 and 3.0.0 to 3.6.0: write 3.3.0")]
    [InlineData("ignition: {version: 3}", "write 3.3.0")]
    [InlineData("ignition: {version: 99999999999999999999999}", "write 3.3.0")]
    [InlineData("ignition: {version: [3.3.0]}", "write 3.3.0")]
    [InlineData("ignition: {version: 2.1.0}", "write 3.3.0")]
    [InlineData("ignition: {version: !!int 3.3.0}", "write 3.3.0")]
    [InlineData("ignition: {}", "ignition.version: it is missing")]
    [InlineData("ignition: 3.3.0", "ignition: it must be a map with the key version")]
    [InlineData("ignition: [3.3.0]", "ignition: it must be a map with the key version")]
    [InlineData("storage: {}", "ignition.version: it is missing")]
    [InlineData("", "an Ignition config must be a map")]
    [InlineData("- 1", "an Ignition config must be a map")]
    [InlineData("text", "an Ignition config must be a map")]
    public void A_defect_of_any_stage_is_one_of_the_template_with_its_place(string template, string expected) =>
        Assert.Contains(expected, Fault(template), StringComparison.Ordinal);

    // What is printed is shifted against the template by loops, snippets and spaces: the place to fix is the template's or the snippet's.
    [Theory]
    [InlineData("{{ for i in 1..3 }}\na{{ i }}: 1\n{{ end }}\nx: yes", "cloudconfig/t.yaml, line 5, column 4: x: ")]
    [InlineData("{{~ if true ~}}\n\n\na: {{ machine.serial | json }}\nx: [1, yes]\n{{~ end ~}}\n", "cloudconfig/t.yaml, line 6, column 8: x[1]: ")]
    [InlineData("# 1\na: {{ vars.mode }}\n", "cloudconfig/t.yaml, line 3, column 7: a: ")]
    [InlineData("{%{# not {{ one }}\n}%}x: yes", "cloudconfig/t.yaml, line 3, column 7: x: ")]
    [InlineData("# 1\n{{ include \"plain.yaml\" }}\nx: yes", "cloudconfig/t.yaml, line 4, column 4: x: ")]
    [InlineData("# 1\n{{ include \"faulty.yaml\" }}\n", "faulty.yaml, line 3, column 12: c: ")]
    [InlineData("m:\n{{ include \"faulty.yaml\" | indent 4 }}\n", "faulty.yaml, line 3, column 12: m.c: ")]
    [InlineData("m:\n    {{ include \"faulty.yaml\" }}\n", "faulty.yaml, line 3, column 12: m.c: ")]
    [InlineData("m:\n{{ include \"outer.yaml\" | indent 2 }}\n", "faulty.yaml, line 3, column 12: m.o.c: ")]
    [InlineData("{{ include \"plain.yaml\" }}\n{{ capture y }}{{ include \"faulty.yaml\" }}{{ end }}\nz: {{ y | json }}\nx: yes", "cloudconfig/t.yaml, line 5, column 4: x: ")]
    [InlineData("{{ func f; ret 6; end }}\nx: {{ f }}\n\nz: yes", "cloudconfig/t.yaml, line 5, column 4: z: ")]
    public void A_fault_of_the_printed_text_names_the_place_that_printed_it(string template, string expected)
    {
        File.WriteAllText(Path.Combine(_directory, "plain.yaml"), "b: 1\nb2: 2\n");
        File.WriteAllText(Path.Combine(_directory, "faulty.yaml"), "# {{ machine.serial }}\nb: {{ 1 }}\n{{ \"c\" }}: yes\n");
        File.WriteAllText(Path.Combine(_directory, "outer.yaml"), "o:\n{{ include \"faulty.yaml\" | indent 2 }}");
        Assert.Contains(expected, Assert.Throws<TemplateException>(() => Render("#cloud-config\n" + template, ProvisioningKind.CloudConfig)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_whose_template_has_changed_meanwhile_names_the_place_in_the_printed_text()
    {
        Render(Version, ProvisioningKind.Ignition);
        var renderer = new TemplateRenderer(TestTemplates.Library(_directory));
        Assert.Equal(1, Assert.Single(renderer.PlacesOf("ignition/t.yaml", new TemplateVariables(), Version, [(1, 1)]))?.Line);
        Assert.Null(Assert.Single(renderer.PlacesOf("ignition/t.yaml", new TemplateVariables(), Version + "x: 1", [(1, 1)])));
        Assert.Null(Assert.Single(renderer.PlacesOf("ignition/other.yaml", new TemplateVariables(), Version, [(1, 1)])));
        var fault = new YamlFaultException("it is no number", 3, 7, "a.b");
        Assert.Equal("template ignition/t.yaml: line 3, column 7 of what it prints: a.b: it is no number", TemplateException.OfOutput("ignition/t.yaml", [(fault, null)], hasMore: false).Message);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    public void A_thousand_levels_are_a_defect_of_the_template(string open, string close) => Assert.Contains(
        "64 deep", Fault(Version + "x: " + string.Concat(Enumerable.Repeat(open, 1000)) + "1" + string.Concat(Enumerable.Repeat(close, 1000))), StringComparison.Ordinal);

    [Fact]
    public void The_message_carries_no_value()
    {
        Assert.DoesNotContain("0123456", Fault(Version + "passwd: {users: [{name: core, passwordHash: 0123456}]}"), StringComparison.Ordinal);
        Assert.DoesNotContain("12:34:56", Fault(Version + "passwd: {users: [{name: core, passwordHash: 12:34:56}]}"), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Fault(Version + "a: {hunter2"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: 1", "first line")]
    [InlineData("#cloud-config\n- a", "a map of keys")]
    [InlineData("#cloud-config\n", "a map of keys")]
    [InlineData("#cloud-config\nwrite_files:\n  - permissions: 0644", "line 3, column 18: write_files[0].permissions: a number that begins with 0")]
    [InlineData("#cloud-config\nwrite_files:\n  - permissions: 0o644", "a string in YAML 1.1, which cloud-init reads")]
    [InlineData("#cloud-config\npackage_update: yes", "`yes` is true in YAML 1.1")]
    [InlineData("#cloud-config\nx: &x [*x]", "inside the node that it refers to")]
    [InlineData("#cloud-config\nx: {{ vars.mode }}", "a string in YAML 1.1, which cloud-init reads")]
    public void A_cloud_config_says_the_same_to_either_generation_of_yaml(string template, string expected) =>
        Assert.Contains(expected, Fault(template, ProvisioningKind.CloudConfig), StringComparison.Ordinal);

    [Fact]
    public void All_faults_are_told_each_with_its_place()
    {
        var told = Fault(Version + "storage: {files: [{path: a}]}\nx: 1").Split("; ");
        Assert.EndsWith("ignition/t.yaml, line 2, column 26: storage.files[0].path: the path must be absolute: begin it with /", told[0], StringComparison.Ordinal);
        Assert.EndsWith("ignition/t.yaml, line 3, column 1: Ignition has no such key here", told[1], StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Fault(string template, ProvisioningKind kind = ProvisioningKind.Ignition)
    {
        var message = Assert.Throws<TemplateException>(() => Render(template, kind)).Message;
        Assert.Contains(kind == ProvisioningKind.Ignition ? "ignition/t.yaml" : "cloudconfig/t.yaml", message, StringComparison.Ordinal);
        return message;
    }

    private string Render(string template, ProvisioningKind kind)
    {
        foreach (var folder in new[] { "ignition", "cloudconfig" })
        {
            Directory.CreateDirectory(Path.Combine(_directory, folder));
            File.WriteAllText(Path.Combine(_directory, folder, "t.yaml"), template);
        }

        var variables = (YamlMap)YamlLoader.Load("{version: 1.30, big: 123456789012345678901234567890, mode: 0o644}")!;
        return new Provisioner(new TemplateRenderer(TestTemplates.Library(_directory)), new ProvisioningSettings { Network = Sample.Network, BootUrl = "http://10.0.0.1:4081", Variables = variables })
            .Config(Sample.Machine("s1"), Sample.Profile("core") with { Provisioning = kind, Template = "t" }, image: null).Text;
    }
}
