using System.CommandLine;
using Mayu.Server.Configuration;

namespace Mayu.Server;

/// <summary>The options by which every command finds its configuration.</summary>
internal sealed class ConfigurationOptions
{
    private readonly Option<string?> _file = new("--config", "-c")
    {
        Description = $"The configuration file (default: $MAYU_CONFIG, else {ConfigurationSchema.DefaultFile})",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Set a configuration key; overrides the environment (MAYU_NETWORK_INTERFACE …) and the file; repeatable",
        HelpName = "KEY=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    public void AddTo(Command command)
    {
        _set.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"--set {token.Value}: write it as KEY=VALUE, for example --set network.interface=eth1");
            }
        });
        command.Options.Add(_file);
        command.Options.Add(_set);
    }

    /// <summary>Opens the configuration that a command line means.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="more">Keys that other flags set.</param>
    public ConfigurationReader Read(ParseResult parsed, IEnumerable<(string Key, string Value)>? more = null)
    {
        var flags = (more ?? []).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        foreach (var pair in parsed.GetValue(_set) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            flags[pair[..equals]] = pair[(equals + 1)..];
        }

        return ConfigurationReader.Open(FileOf(parsed), OutsideValues.OfProcess(flags));
    }

    /// <summary>The configuration file that a command line means.</summary>
    public string FileOf(ParseResult parsed) => parsed.GetValue(_file) ?? Environment.GetEnvironmentVariable("MAYU_CONFIG") ?? ConfigurationSchema.DefaultFile;
}
