using System.Text.Json.Nodes;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Core.Rendering;

namespace Mayu.Core.Tests.Provisioning;

/// <summary>A config that is only looked at, by who cannot read its secrets: what a placeholder stands in is no fault, and everything else is.</summary>
public sealed class UnreadSecretTests : IDisposable
{
    private const string Users = "ignition: {version: 3.3.0}\npasswd:\n  users:\n    - name: core\n      ";

    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-unread-").FullName;
    private readonly UnreadSecrets _unread = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(Users + "passwordHash: {{ secrets.a | yaml }}", "passwd.users[0].passwordHash")]
    [InlineData(Users + "passwordHash: {{ secrets.a }}", "passwd.users[0].passwordHash")]
    [InlineData(Users + "passwordHash: {{ secrets.a | string.upcase | string.slice 0 4 | yaml }}", "passwd.users[0].passwordHash")]
    [InlineData(Users + "passwordHash: {{ x = secrets.a; x | string.md5 | yaml }}", "passwd.users[0].passwordHash")]
    [InlineData(Users + "sshAuthorizedKeys: [{{ secrets.a | yaml }}]", "passwd.users[0].sshAuthorizedKeys[0]")]
    [InlineData("ignition: {version: 3.3.0}\nstorage: {files: [{path: /a, mode: {{ secrets.a | yaml }}, contents: {source: {{ secrets.b | yaml }}}}]}", "storage.files[0].contents.source storage.files[0].mode")]
    [InlineData("variant: flatcar\nversion: 1.0.0\nstorage: {luks: [{name: a, device: {{ secrets.a | yaml }}}]}", "storage.luks[0].device")]
    public void A_value_that_is_made_of_a_placeholder_is_not_validated_and_is_named(string template, string keys)
    {
        Assert.NotNull(JsonNode.Parse(Render(template)));
        Assert.Equal(keys, string.Join(' ', _unread.Unchecked));
        Assert.Equal("secrets are not read here", _unread.Secrets["a"]);
    }

    [Theory]
    [InlineData(Users + "passwordHash: {{ secrets.a | yaml }}\n      shell: yes", "passwd.users[0].shell: ")]
    [InlineData(Users + "passwordHash: {{ secrets.a | yaml }}\n    - name: a b", "passwd.users[1].name: ")]
    [InlineData(Users + "passwordHsh: {{ secrets.a | yaml }}", "passwd.users[0].passwordHsh: ")]
    [InlineData(Users + "passwordHash: {{ secrets.a | yaml }}\n    - passwordHash: {{ secrets.b | yaml }}", "passwd.users[1].name: ")]
    [InlineData("{{ if secrets.a }}{{ end }}" + Users + "shell: yes", "passwd.users[0].shell: ")]
    public void Another_fault_beside_it_is_told(string template, string expected)
    {
        var fault = Assert.Throws<TemplateException>(() => Render(template));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.False(fault.MayBePlaceholder);
    }

    [Theory]
    [InlineData("{{ secrets.a | math.abs }}", true)]
    [InlineData("{{ x = secrets.a; y = x }}\n{{ y | math.abs }}", true)]
    [InlineData("{{ if secrets.a == \"x\" }}{{ else }}{{ vars.nosuch }}{{ end }}", true)]
    [InlineData("{{ capture x }}{{ secrets.a }}{{ end }}\n{{ x | math.abs }}", true)]
    [InlineData("{{ func f; ret secrets.a; end }}\n{{ f | math.abs }}", true)]
    [InlineData("{{ include \"s\" | math.abs }}", true)]
    [InlineData("{{ include \"of\" secrets.a }}", true)]
    [InlineData("{{ secrets.a | yaml }}\n{{ vars.nosuch }}", false)]
    [InlineData("{{ vars.nosuch }}\n{{ secrets.a | math.abs }}", false)]
    [InlineData("{{ secrets.a | yml }}", false)]
    [InlineData("{{ secrets.none }}", false)]
    public void A_template_that_fails_may_be_right_only_where_it_has_the_placeholder(string template, bool mayBePlaceholder)
    {
        File.WriteAllText(Path.Combine(_directory, "s"), "{{ secrets.a }}");
        File.WriteAllText(Path.Combine(_directory, "of"), "{{ $1 | math.abs }}");
        Assert.Equal(mayBePlaceholder, Assert.Throws<TemplateException>(() => Render(template)).MayBePlaceholder);
    }

    [Fact]
    public void A_cloud_config_with_one_is_checked_but_for_it()
    {
        Assert.Contains("SECRET-a", Render("#cloud-config\na: {{ secrets.a }}\n", ProvisioningKind.CloudConfig), StringComparison.Ordinal);
        Assert.Contains("b: ", Assert.Throws<TemplateException>(() => Render("#cloud-config\na: {{ secrets.a | yaml }}\nb: yes\n", ProvisioningKind.CloudConfig)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_asks_gets_no_placeholder() =>
        Assert.Contains("the secret a cannot be read: ", Assert.Throws<TemplateException>(() => Render("{{ secrets.a }}", isLookedAt: false)).Message, StringComparison.Ordinal);

    private string Render(string template, ProvisioningKind kind = ProvisioningKind.Ignition, bool isLookedAt = true)
    {
        var folder = kind == ProvisioningKind.Ignition ? "ignition" : "cloudconfig";
        Directory.CreateDirectory(Path.Combine(_directory, folder));
        File.WriteAllText(Path.Combine(_directory, folder, "t.yaml"), template);
        var provisioner = new Provisioner(new TemplateRenderer(TestTemplates.Library(_directory)), new ProvisioningSettings { Network = Sample.Network, BootUrl = "http://10.0.0.1:4081", Secrets = new SecretPlaceholders(["a", "b"]) });
        return (isLookedAt ? provisioner.With(_unread) : provisioner).Config(Sample.Machine("s1"), Sample.Profile("core") with { Provisioning = kind, Template = "t" }, image: null).Text;
    }
}
