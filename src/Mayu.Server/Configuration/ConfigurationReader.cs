using Mayu.Core.Yaml;
using Mayu.Linux.Files;

namespace Mayu.Server.Configuration;

/// <summary>
/// Reads values by key from flags, the environment and one YAML file, in this order, and gathers every problem and every
/// key that was asked for: the binder's one pass yields the configuration, all errors at once, and the reference.
/// </summary>
internal sealed class ConfigurationReader
{
    private const int MaxBytes = 1024 * 1024;

    private readonly IReadOnlyDictionary<string, string> _flags;
    private readonly Func<string, string?> _environment;

    private ConfigurationReader(string file, YamlMap? root, IReadOnlyDictionary<string, string> flags, Func<string, string?> environment)
    {
        File = file;
        _flags = flags;
        _environment = environment;
        Root = new ConfigurationSection(this, "", root, file);
    }

    public string File { get; }

    public ConfigurationSection Root { get; }

    public List<ConfigurationProblem> Problems { get; } = [];

    public List<ConfigurationKey> Keys { get; } = [];

    /// <summary>Opens the file. One that is missing, too large or no YAML map is a problem of its own; the rest is still read.</summary>
    /// <param name="file">Path of the YAML file; null: flags and environment only.</param>
    /// <param name="flags">Values by dotted key, from the command line.</param>
    /// <param name="environment">Looks a variable up.</param>
    public static ConfigurationReader Open(string? file, IReadOnlyDictionary<string, string> flags, Func<string, string?> environment)
    {
        if (file is null)
        {
            return new ConfigurationReader("(no file)", root: null, flags, environment);
        }

        try
        {
            return BoundedFile.TryReadText(file, MaxBytes, out var text) is { } tooLong
                ? Refused(file, tooLong, flags, environment)
                : Read(file, text, flags, environment);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused(
                file, e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file; write one, or name another with --config FILE" : e.Message, flags, environment);
        }
    }

    /// <summary>Takes the text of a file. One that is no YAML map is a problem of its own.</summary>
    /// <param name="file">What it is called in problems.</param>
    /// <param name="text">What stands in it.</param>
    /// <param name="flags">Values by dotted key, from the command line.</param>
    /// <param name="environment">Looks a variable up.</param>
    public static ConfigurationReader Read(string file, string text, IReadOnlyDictionary<string, string> flags, Func<string, string?> environment)
    {
        try
        {
            return YamlLoader.Load(text) switch
            {
                null => new ConfigurationReader(file, root: null, flags, environment),
                YamlMap root => new ConfigurationReader(file, root, flags, environment),
                _ => Refused(file, "it must be a map of keys", flags, environment),
            };
        }
        catch (YamlFaultException e)
        {
            return Refused($"{file}:{e.Line}", e.Message, flags, environment);
        }
    }

    /// <summary>A value given outside the file, and where: flag before environment.</summary>
    public (string Value, string Where)? Outside(string path)
    {
        if (_flags.TryGetValue(path, out var flag))
        {
            return (flag, $"--set {path}");
        }

        var name = EnvironmentName(path);
        return _environment(name) is { Length: > 0 } value ? (value, name) : null;
    }

    /// <summary>The environment variable of a key: <c>network.interface</c> is <c>MAYU_NETWORK_INTERFACE</c>.</summary>
    public static string EnvironmentName(string path) => "MAYU_" + path.Replace('.', '_').ToUpperInvariant();

    /// <summary>Tells flags that name no key. Call it when all keys were asked for.</summary>
    public void CheckFlags()
    {
        foreach (var flag in _flags.Keys.Where(flag => !Keys.Exists(key => key.Path == flag)))
        {
            Problems.Add(new ConfigurationProblem($"--set {flag}", "", $"there is no such key{Suggestion.For(flag, Keys.Select(key => key.Path))}"));
        }
    }

    private static ConfigurationReader Refused(string where, string problem, IReadOnlyDictionary<string, string> flags, Func<string, string?> environment)
    {
        var reader = new ConfigurationReader(where, root: null, flags, environment);
        reader.Problems.Add(new ConfigurationProblem(where, "", problem));
        return reader;
    }
}
