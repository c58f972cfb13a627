using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Butane;
using Mayu.Core.Ignition;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;

namespace Mayu.Core.Tests.Provisioning;

public sealed class RenderedConfigTests : IDisposable, IEmbeddedFiles
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-checked-").FullName;
    private string _file = "one";
    private string _secret = "first-secret";

    [Fact]
    public void A_text_is_another_config_for_another_specification()
    {
        Template("ignition: {version: 3.4.0}\n");
        var provisioner = Provisioner();
        for (var i = 0; i < 2; i++)
        {
            Assert.Contains("\"3.4.0\"", Config(provisioner, null), StringComparison.Ordinal);
            Assert.Contains("\"3.2.0\"", Config(provisioner, new IgnitionSpec(3, 2)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_config_of_a_file_that_changed_is_another()
    {
        Template("variant: fcos\nversion: 1.4.0\nstorage: {files: [{path: /a, contents: {local: a}}]}\n");
        var provisioner = Provisioner();
        Assert.Contains("data:,one", Config(provisioner), StringComparison.Ordinal);
        _file = "two";
        Assert.Contains("data:,two", Config(provisioner), StringComparison.Ordinal);
    }

    [Fact]
    public void One_with_a_fault_is_told_again_until_it_is_mended()
    {
        var provisioner = Provisioner();
        for (var i = 0; i < 2; i++)
        {
            Template("ignition: {version: 3.4.0}\nx: 1\n");
            Assert.Contains("line 2", Assert.Throws<TemplateException>(() => Config(provisioner)).Message, StringComparison.Ordinal);
            Template("ignition: {version: 3.4.0}\n");
            Assert.Equal("{\"ignition\":{\"version\":\"3.4.0\"}}", Config(provisioner));
        }
    }

    [Fact]
    public void A_secret_that_changed_is_the_new_one()
    {
        Template("ignition: {version: 3.4.0}\nstorage: {files: [{path: /a, contents: {source: \"{{ secrets.s | data_url }}\"}}]}\n");
        var provisioner = Provisioner();
        Assert.Contains(Convert.ToBase64String("first-secret"u8), Config(provisioner), StringComparison.Ordinal);
        _secret = "second-secret";
        Assert.Contains(Convert.ToBase64String("second-secret"u8), Config(provisioner), StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_was_written_again_gets_what_its_record_says_now()
    {
        Template("ignition: {version: 3.4.0}\nstorage: {files: [{path: /a, contents: {source: \"{{ machine.hostname | data_url }}\"}}]}\n");
        var provisioner = Provisioner();
        foreach (var name in (string[])["one", "two"])
        {
            var machine = Sample.Machine("s1") with { Hostname = name };
            for (var i = 0; i < 2; i++)
            {
                Assert.Contains(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(name)), provisioner.Config(machine, Sample.Profile("core"), image: null).Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_same_machine_gets_another_config_for_another_profile_image_or_address_of_the_server()
    {
        Template("ignition: {version: 3.4.0}\nstorage: {files: [{path: /a, contents: {source: \"{{ [profile.name, image.version, mayu.url] | json | data_url }}\"}}]}\n");
        var (provisioner, machine, profile, image) = (Provisioner(), Sample.Machine("s1"), Sample.Profile("core"), new InstallImage("os", "1", 1, ""));
        var texts = new[] { profile, Sample.Profile("other"), profile }.SelectMany(
            own => new[] { image, image with { Version = "2" }, null }.SelectMany(
                its => new[] { provisioner, provisioner.At("http://10.0.0.2:4081") }.Select(at => at.Config(machine, own, its).Text))).ToList();
        Assert.Equal(12, texts.Distinct().Count());
        Assert.Equal(texts[..6], texts[12..]);
    }

    [Fact]
    public void A_config_is_kept_only_where_it_would_be_the_same_again()
    {
        var (machine, profile) = (Sample.Machine("s1"), Sample.Profile("core"));
        foreach (var (printed, isKept) in new[] { ("a", true), ("{{ include \"a.txt\" }}", true), ("{{ file \"a\" }}", false), ("{{ render_file \"a\" }}", false), ("{{ secrets.s | yaml }}", false) })
        {
            File.WriteAllText(Path.Combine(_directory, "a.txt"), "a");
            Template($"ignition: {{version: 3.4.0}}\npasswd: {{users: [{{name: {printed}}}]}}\n");
            var provisioner = Provisioner();
            Assert.Equal(isKept, ReferenceEquals(provisioner.Config(machine, profile, image: null).Text, provisioner.Config(machine, profile, image: null).Text));
        }
    }

    // The request ends while the template renders: at its next step.
    [Fact]
    public void Who_is_gone_ends_the_rendering()
    {
        using var gone = new CancellationTokenSource();
        var steps = 0;
        Template("ignition: {version: 3.4.0}\n{{ for a in 1..100; x = secrets.s; end }}");
        var provisioner = new Provisioner(new TemplateRenderer(new TemplateLibrary(new KeptTemplates(_directory))), new ProvisioningSettings
        {
            Network = Sample.Network,
            BootUrl = "http://10.0.0.1:4081",
            Secrets = new OneSecret(() =>
            {
                steps++;
                gone.Cancel();
                return "secret";
            }),
        });
        var failure = Assert.Throws<OperationCanceledException>(() => provisioner.Config(Sample.Machine("s1"), Sample.Profile("core"), image: null, gone: gone.Token));
        Assert.Equal(gone.Token, failure.CancellationToken);
        Assert.Equal(1, steps);
        Assert.NotEqual("", provisioner.Config(Sample.Machine("s1"), Sample.Profile("core"), image: null).Text);
    }

    ReadOnlyMemory<byte> IEmbeddedFiles.Read(string path) => System.Text.Encoding.UTF8.GetBytes(_file);

    IReadOnlyList<EmbeddedFile> IEmbeddedFiles.Below(string path) => [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Template(string text)
    {
        Directory.CreateDirectory(Path.Combine(_directory, "ignition"));
        File.WriteAllText(Path.Combine(_directory, "ignition", "default.yaml"), text);
    }

    private static string Config(Provisioner provisioner, IgnitionSpec? asked = null) => provisioner.Config(Sample.Machine("s1"), Sample.Profile("core"), image: null, asked).Text;

    private Provisioner Provisioner() => new(
        new TemplateRenderer(new TemplateLibrary(new KeptTemplates(_directory), new KeptTemplates(_directory), this)),
        new ProvisioningSettings { Network = Sample.Network, BootUrl = "http://10.0.0.1:4081", Secrets = new OneSecret(() => _secret) });

    private sealed class OneSecret(Func<string> value) : ISecretSource
    {
        public IEnumerable<string> Names => ["s"];

        public bool Has(string name) => name == "s";

        public bool TryRead(string name, Mayu.Primitives.Serial machine, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
        {
            (text, problem) = (value(), null);
            return true;
        }
    }

    // As the server's folders do it: the same as long as nobody changes it.
    private sealed class KeptTemplates(string folder) : ITemplateFolder
    {
        private readonly TestTemplates _now = new(folder);
        private readonly Dictionary<string, TemplateText?> _read = [];

        public string PathOf(string name) => _now.PathOf(name);

        public TemplateText? Find(string name)
        {
            var now = _now.Find(name);
            return _read.TryGetValue(name, out var known) && known == now ? known : _read[name] = now;
        }
    }
}
