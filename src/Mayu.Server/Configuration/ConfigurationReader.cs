using Mayu.Core.Yaml;
using Mayu.Linux.Files;
using Mayu.Primitives;

namespace Mayu.Server.Configuration;

/// <summary>
/// Reads values by key from flags, the environment and one YAML file, in this order, and gathers every problem and every
/// key that was asked for: the binder's one pass yields the configuration, all errors at once, and the reference.
/// </summary>
internal sealed class ConfigurationReader
{
    private const int MaxBytes = 1024 * 1024;

    private ConfigurationReader(string file, YamlMap? root, OutsideValues outside)
    {
        File = file;
        Outside = outside;
        Values = root ?? YamlMap.Empty;
        Root = new ConfigurationSection(this, "", "", root, file);
    }

    public string File { get; }

    /// <summary>What is configured outside the file.</summary>
    public OutsideValues Outside { get; }

    /// <summary>What stands in the file.</summary>
    public YamlMap Values { get; }

    public ConfigurationSection Root { get; }

    public List<ConfigurationProblem> Problems { get; } = [];

    public List<ConfigurationKey> Keys { get; } = [];

    /// <summary>The values that were asked for, in the order of the keys.</summary>
    public List<ConfigurationValue> Shown { get; } = [];

    /// <summary>Opens the file. One that is missing, too large or no YAML map is a problem of its own; the rest is still read.</summary>
    /// <param name="file">Path of the YAML file; null: none.</param>
    /// <param name="outside">What is configured outside the file.</param>
    public static ConfigurationReader Open(string? file, OutsideValues outside)
    {
        if (file is null)
        {
            return new ConfigurationReader("(no file)", root: null, outside);
        }

        if (Directory.Exists(file))
        {
            return Refused(file, "it is a folder; name the configuration file itself", outside);
        }

        try
        {
            return BoundedFile.TryReadText(file, MaxBytes, out var text) is { } tooLong
                ? Refused(file, tooLong, outside)
                : Read(file, text, outside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused(
                file,
                ClosedPath.Of(file) is { } closed ? $"{(closed == Path.GetFullPath(file) ? "it" : closed)} is not readable for the user {Environment.UserName}; run mayu as the user that may read it, or make it readable (chmod, chown)"
                    : e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file; create it, or name another one with --config FILE"
                    : e.Reason(),
                outside);
        }
    }

    /// <summary>Takes the text of a file. One that is no YAML map is a problem of its own.</summary>
    /// <param name="file">What it is called in problems.</param>
    /// <param name="text">What stands in it.</param>
    /// <param name="outside">What is configured outside the file.</param>
    public static ConfigurationReader Read(string file, string text, OutsideValues outside)
    {
        try
        {
            return YamlLoader.Load(text) switch
            {
                null => new ConfigurationReader(file, root: null, outside),
                YamlMap root => new ConfigurationReader(file, root, outside),
                _ => Refused(file, "it must be a map of keys", outside),
            };
        }
        catch (YamlFaultException e)
        {
            return Refused($"{file}:{e.Line}", e.Message, outside, file, e.Column);
        }
    }

    /// <summary>Tells what is configured outside the file and names no key. Call it when all keys were asked for.</summary>
    public void CheckOutside() => Problems.AddRange(Outside.Strangers([.. Keys.Select(key => key.Path).Where(path => !path.Contains("[]", StringComparison.Ordinal))]));

    private static ConfigurationReader Refused(string where, string problem, OutsideValues outside, string? file = null, int? column = null)
    {
        var reader = new ConfigurationReader(file ?? where, root: null, outside);
        reader.Problems.Add(new ConfigurationProblem(where, "", problem) { Column = column });
        return reader;
    }
}
