using System.CommandLine;

namespace Mayu.Server.Tests;

/// <summary>Every flag of the first Mayu's server: it sets its key, or says what is in its place.</summary>
public sealed class OldFlagsTests
{
    // As users have them in unit files.
    private const string All = """
        --config --cluster-directory --no-git --no-tls --tls-cert-file --tls-key-file --tftproot --api-port --pxe-port --http-bind-address --images-cache-dir --files-dir --file-server-path
        --static-html-path --template-snippets --ignition-config --use-ignition --first-stage-script --last-stage-cloudconfig --dnsmasq --dnsmasq-template --show-templates --etcd-endpoint
        --etcd-quorum-size --etcd-discovery --etcd-cafile --use-internal-etcd-discovery --flatcar-autologin --console-tty --systemd-shell --version -d --debug
        """;

    public static TheoryData<string, string, string> Taken => new()
    {
        { "--cluster-directory=/c", "cluster_dir", "/c" },
        { "--no-git", "git.enabled", "false" },
        { "--no-git=false", "git.enabled", "true" },
        { "--no-tls", "api.tls", "false" },
        { "--no-tls=true", "api.tls", "false" },
        { "--tls-cert-file=/c.pem", "api.tls_certificate", "/c.pem" },
        { "--tls-key-file=/k.pem", "api.tls_key", "/k.pem" },
        { "--tftproot=/t", "tftp_root", "/t" },
        { "--api-port=5080", "api.port", "5080" },
        { "--pxe-port=5081", "boot.port", "5081" },
        { "--http-bind-address=10.0.0.1", "api.address", "10.0.0.1" },
        { "--images-cache-dir=/i", "images_dir", "/i" },
        { "--files-dir=/f", "files_dir", "/f" },
        { "--file-server-path=/f", "assets_dir", "/f" },
        { "--dnsmasq=/usr/sbin/dnsmasq", "dnsmasq.program", "/usr/sbin/dnsmasq" },
        { "--etcd-quorum-size=5", "etcd_discovery.size", "5" },
        { "--etcd-discovery=https://d.example", "etcd_discovery.url", "https://d.example" },
        { "--use-internal-etcd-discovery", "etcd_discovery.enabled", "true" },
        { "--use-internal-etcd-discovery=false", "etcd_discovery.enabled", "false" },
    };

    public static TheoryData<string> Gone =>
        [.. OldFlags.Names.Except(Taken.Select(row => row.Data.Item1.Split('=')[0]), StringComparer.Ordinal)];

    [Fact]
    public void No_flag_of_the_first_mayu_is_missing()
    {
        var own = new[] { "--config", "--version", "-d", "--debug" };
        Assert.Equal(All.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Except(own).Order(StringComparer.Ordinal), OldFlags.Names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Taken))]
    public void A_flag_that_still_means_something_sets_its_key(string flag, string key, string value)
    {
        foreach (var words in new[] { [flag], flag.Split('=') })
        {
            var (parsed, old, options) = Parse(words);

            Assert.Empty(parsed.Errors);
            Assert.Equal([(key, value)], old.Read(parsed));
            Assert.Equal(value, options.Read(parsed, old.Read(parsed)).Outside.Find(key)?.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Gone))]
    public void Any_other_flag_is_an_error_that_names_the_new_way(string flag)
    {
        foreach (var words in new[] { new[] { flag }, [flag, "x"], [$"{flag}=x"] })
        {
            var problem = Assert.Single(WrongCommandLine.Describe(Serve().Parse(["serve", .. words])).SkipLast(1));

            Assert.StartsWith($"mayu: {flag} was a flag of the first Mayu: ", problem, StringComparison.Ordinal);
            Assert.Matches("files_dir|hostinfo_helper|templates_dir|template_snippets_dir|provisioning|mayu render|Leave the flag out|kernel_arguments", problem);
        }
    }

    [Fact]
    public void A_key_is_set_in_one_way_only() => Assert.Equal(
        "mayu: --api-port and --set api.port cannot go together: they are the same|Try 'mayu serve --help'.",
        string.Join('|', WrongCommandLine.Describe(Serve().Parse(["serve", "--api-port", "1", "--set", "api.port=2"]))));

    [Theory]
    [InlineData("--cluster-directory=/c --no-git", "serve --cluster-directory=/c --no-git")]
    [InlineData("--config /etc/mayu/config.yaml", "serve --config /etc/mayu/config.yaml")]
    [InlineData("-d --no-tls", "serve -d --no-tls")]
    [InlineData("--version", "--version")]
    [InlineData("--help", "--help")]
    [InlineData("serve --no-tls", "serve --no-tls")]
    [InlineData("--nosuch", "--nosuch")]
    public void A_command_line_that_begins_with_a_flag_is_the_command_serve(string typed, string meant) => Assert.Equal(meant.Split(' '), OldFlags.WithCommand(typed.Split(' ')));

    [Fact]
    public void Help_does_not_list_them()
    {
        using var help = new StringWriter();
        Serve().Parse(["serve", "--help"]).Invoke(new InvocationConfiguration { Output = help });

        Assert.Contains("--set", help.ToString(), StringComparison.Ordinal);
        Assert.All(OldFlags.Names, flag => Assert.DoesNotContain(flag, help.ToString(), StringComparison.Ordinal));
    }

    private static RootCommand Serve() => [ServeCommand.Build()];

    private static (ParseResult Parsed, OldFlags Old, ConfigurationOptions Options) Parse(params string[] words)
    {
        var (command, old, options) = (new Command("serve"), new OldFlags(), new ConfigurationOptions());
        options.AddTo(command);
        old.AddTo(command);
        return (command.Parse(words), old, options);
    }
}
