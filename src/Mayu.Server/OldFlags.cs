using System.CommandLine;
using System.CommandLine.Parsing;

namespace Mayu.Server;

/// <summary>
/// The flags of the first Mayu, which unit files still have; help does not list them. One that has a key in its place sets that key; any other
/// is an error that says what is in its place.
/// </summary>
internal sealed class OldFlags
{
    private const string NoTemplates = "templates of the first Mayu cannot be read. ";

    private static readonly (string Name, string Key)[] Values =
    [
        ("--cluster-directory", "cluster_dir"), ("--tls-cert-file", "api.tls_certificate"), ("--tls-key-file", "api.tls_key"), ("--tftproot", "tftp_root"), ("--api-port", "api.port"),
        ("--pxe-port", "boot.port"), ("--http-bind-address", "api.address"), ("--images-cache-dir", "images_dir"), ("--files-dir", "files_dir"), ("--dnsmasq", "dnsmasq.program"),
        ("--etcd-quorum-size", "etcd_discovery.size"), ("--etcd-discovery", "etcd_discovery.url"), ("--file-server-path", "assets_dir"),
    ];

    private static readonly (string Name, string Key, bool WhenSet)[] Switches =
        [("--no-git", "git.enabled", false), ("--no-tls", "api.tls", false), ("--use-internal-etcd-discovery", "etcd_discovery.enabled", true)];

    private static readonly (string Name, string Instead)[] Gone =
    [
        ("--static-html-path", "Set hostinfo_helper to the program infopusher, and assets_dir to a folder of other files for machines"),
        ("--template-snippets", NoTemplates + "Write the snippets again, and set template_snippets_dir to their folder"),
        ("--ignition-config", NoTemplates + "Write it again below templates_dir, and name it as the template of a profile"),
        ("--use-ignition", "each profile says its own: set provisioning to ignition or cloud-config in profiles, or in defaults"),
        ("--first-stage-script", NoTemplates + "Write it again below templates_dir, as first_stage_script.sh"),
        ("--last-stage-cloudconfig", NoTemplates + "Write it again below templates_dir, and name it as the template of a profile"),
        ("--dnsmasq-template", NoTemplates + "Write it again below templates_dir, as dnsmasq_template.conf"),
        ("--show-templates", "use the command `mayu render`, which prints the config of a machine"),
        ("--etcd-endpoint", "Mayu needs no etcd for etcd discovery any more: it keeps the tokens itself. Leave the flag out"),
        ("--etcd-cafile", "Mayu needs no etcd for etcd discovery any more: it keeps the tokens itself. Leave the flag out"),
        ("--flatcar-autologin", "add flatcar.autologin to kernel_arguments"),
        ("--console-tty", "add console=ttyS0 to kernel_arguments"),
        ("--systemd-shell", "add rd.shell to kernel_arguments"),
    ];

    private readonly List<(Option<string?> Option, string Key)> _values = [];
    private readonly List<(Option<bool?> Option, string Key, bool WhenSet)> _switches = [];

    /// <summary>Every flag of the first Mayu that is not one of this program's own.</summary>
    public static IEnumerable<string> Names => Values.Select(flag => flag.Name).Concat(Switches.Select(flag => flag.Name)).Concat(Gone.Select(flag => flag.Name));

    /// <summary>The command line with <c>serve</c>, where it begins with a flag as the first Mayu's did, which had no commands.</summary>
    public static string[] WithCommand(string[] words) =>
        words.Length > 0 && Names.Concat(["--config", "--debug", "-d"]).Contains(words[0].Split('=')[0], StringComparer.Ordinal) ? ["serve", .. words] : words;

    /// <summary>Adds the flags to the command.</summary>
    public void AddTo(Command command)
    {
        foreach (var (name, key) in Values)
        {
            var option = new Option<string?>(name) { Hidden = true };
            _values.Add((option, key));
            Add(option, result => WhyNotBoth(result, name, key));
        }

        foreach (var (name, key, whenSet) in Switches)
        {
            var option = new Option<bool?>(name) { Hidden = true };
            _switches.Add((option, key, whenSet));
            Add(option, result => WhyNotBoth(result, name, key));
        }

        foreach (var (name, instead) in Gone)
        {
            Add(new Option<string?>(name) { Hidden = true, Arity = ArgumentArity.ZeroOrOne }, _ => $"{name} was a flag of the first Mayu: {instead}");
        }

        void Add(Option option, Func<OptionResult, string?> problemOf)
        {
            option.Validators.Add(result =>
            {
                if (!result.Implicit && problemOf(result) is { } problem)
                {
                    result.AddError(problem);
                }
            });
            command.Options.Add(option);
        }
    }

    /// <summary>The keys that the flags set.</summary>
    public IEnumerable<(string Key, string Value)> Read(ParseResult parsed)
    {
        foreach (var (option, key) in _values)
        {
            if (parsed.GetValue(option) is { } value)
            {
                yield return (key, value);
            }
        }

        foreach (var (option, key, whenSet) in _switches)
        {
            if (parsed.GetValue(option) is { } isSet)
            {
                yield return (key, isSet == whenSet ? "true" : "false");
            }
        }
    }

    private static string? WhyNotBoth(OptionResult flag, string name, string key) =>
        flag.Parent is CommandResult command && command.GetResult("--set") is OptionResult set && set.Tokens.Any(token => token.Value.StartsWith(key + "=", StringComparison.Ordinal))
            ? $"{name} and --set {key} cannot go together: they are the same"
            : null;
}
