using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Provisioning;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Server.Configuration.Settings;

namespace Mayu.Server.Secrets;

/// <summary>
/// The secrets of templates. Those of files, of the environment and of programs are read once; a machine's own file is read when its config is
/// made. No message of it repeats a value.
/// </summary>
internal sealed class SecretStore : ISecretSource
{
    /// <summary>The most bytes of a secret, in UTF-8.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The fewest characters: what is shorter would be masked in every message that has these letters.</summary>
    public const int LeastLength = 4;

    private readonly Dictionary<string, string> _values;
    private readonly Dictionary<string, SecretSetting> _perMachine;

    private readonly ImmutableArray<SecretSetting> _settings;

    private SecretStore(ImmutableArray<SecretSetting> settings, Dictionary<string, string> values, IReadOnlyList<UnreadableSecret> unreadable)
    {
        (_settings, _values, Unreadable) = (settings, values, unreadable);
        _perMachine = settings.Where(setting => setting.IsPerMachine).ToDictionary(setting => setting.Name, StringComparer.Ordinal);
    }

    /// <summary>Those that cannot be read, but for machines' own. A store of a running server has none.</summary>
    public IReadOnlyList<UnreadableSecret> Unreadable { get; }

    /// <summary>Reads all that can be read before a machine asks.</summary>
    /// <param name="settings">Where they come from.</param>
    /// <param name="store">The secrets.</param>
    /// <param name="problems">What cannot be read, each as a sentence that names the secret.</param>
    public static bool TryOpen(ImmutableArray<SecretSetting> settings, [NotNullWhen(true)] out SecretStore? store, out IReadOnlyList<string> problems)
    {
        var opened = Open(settings);
        problems = [.. opened.Unreadable.Select(secret => $"the secret {secret.Name} cannot be read: {secret.Problem}")];
        store = problems.Count == 0 ? opened : null;
        return store is not null;
    }

    /// <summary>Reads what this process can read, which need not be the server.</summary>
    /// <param name="settings">Where they come from.</param>
    public static SecretStore Open(ImmutableArray<SecretSetting> settings)
    {
        var (values, unreadable) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<UnreadableSecret>());
        foreach (var setting in settings.Where(setting => !setting.IsPerMachine))
        {
            if (TryRead(setting, out var value, out var problem))
            {
                values[setting.Name] = value;
            }
            else
            {
                unreadable.Add(new UnreadableSecret(setting.Name, problem, IsOnlyHere: setting.Environment is { } variable ? Environment.GetEnvironmentVariable(variable) is null : ClosedPath.Of(setting.File ?? "") is not null));
            }
        }

        return new SecretStore(settings, values, unreadable);
    }

    /// <summary>A machine's own file, of a secret that has one for each; null of another secret.</summary>
    /// <param name="name">The secret's name.</param>
    /// <param name="machine">The machine.</param>
    public OwnSecretFile? OwnFile(string name, Serial machine) =>
        _perMachine.TryGetValue(name, out var own) && PathOf(own, machine) is var path ? new OwnSecretFile(path, own.File!, ClosedPath.Of(path) is not null) : null;

    /// <summary>The files that every user of this host can read, each as a sentence.</summary>
    /// <param name="machines">The machines whose own files are looked at.</param>
    public IEnumerable<string> Exposed(IReadOnlyCollection<Serial> machines) => _settings
        .SelectMany(setting => setting.File is not { } file ? [] : setting.IsPerMachine ? machines.Select(machine => PathOf(setting, machine)) : [file])
        .Where(IsExposed).Select(file => $"every user of this host can read {file}: chmod o-rwx {file}");

    /// <inheritdoc/>
    public IEnumerable<string> Names => _values.Keys.Concat(_perMachine.Keys).Concat(Unreadable.Select(secret => secret.Name));

    /// <inheritdoc/>
    public bool Has(string name) => _values.ContainsKey(name) || _perMachine.ContainsKey(name) || Unreadable.Any(secret => secret.Name == name);

    /// <inheritdoc/>
    public bool TryRead(string name, Serial machine, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        return _values.TryGetValue(name, out value)
            || (_perMachine.TryGetValue(name, out var own)
                ? TryReadFile(PathOf(own, machine), out value, out problem)
                : Fail(Unreadable.FirstOrDefault(secret => secret.Name == name)?.Problem ?? $"there is no secret {name}", out value, out problem));
    }

    private static string PathOf(SecretSetting own, Serial machine) => own.File!.Replace(SecretSetting.SerialMark, NameOf(machine), StringComparison.Ordinal);

    // Dots as well: a serial may be two of them, which would be the folder above.
    private static string NameOf(Serial machine) => machine.Text.All(c => c == '.') ? machine.Text.Replace(".", "%2E", StringComparison.Ordinal) : Uri.EscapeDataString(machine.Text);

    private static bool TryRead(SecretSetting setting, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem) =>
        setting.File is { } file ? TryReadFile(file, out value, out problem)
        : setting.Environment is { } variable ? Environment.GetEnvironmentVariable(variable) is { } text
            ? TryTake(text, out value, out problem)
            : Fail($"the environment has no variable {variable}", out value, out problem)
        : SecretCommand.TryRun(setting.Command, out var printed, out problem) ? TryTake(printed, out value, out problem) : Fail(problem, out value, out problem);

    private static bool TryReadFile(string path, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            return BoundedFile.TryReadRegularText(path, MaxBytes, out var text) is { } fault ? Fail($"{path} cannot be used: {fault}", out value, out problem) : TryTake(text, out value, out problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(ClosedPath.Advise(path) ?? (File.Exists(path) ? $"{path}: {e.Reason()}" : $"there is no file {path}"), out value, out problem);
        }
    }

    private static bool TryTake(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        value = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        problem = value.Length >= LeastLength ? null : value.Length == 0 ? "it is empty" : $"it is shorter than {LeastLength} characters";
        value = problem is null ? value : null;
        return value is not null;
    }

    // Behind a folder that others cannot enter, a file's own mode does not matter.
    private static bool IsExposed(string file)
    {
        try
        {
            if (!File.Exists(file) || !File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead))
            {
                return false;
            }

            for (var folder = Path.GetDirectoryName(Path.GetFullPath(file)); folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (!File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute))
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Fail(string why, out string? value, out string problem)
    {
        (value, problem) = (null, why);
        return false;
    }
}

/// <summary>The file of a machine's own secret.</summary>
/// <param name="Path">Where it is, or would be.</param>
/// <param name="Pattern">How it is configured.</param>
/// <param name="IsClosed">Whether permissions keep it from this process.</param>
internal sealed record OwnSecretFile(string Path, string Pattern, bool IsClosed);

/// <summary>A secret that cannot be read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Problem">Why, as half a sentence.</param>
/// <param name="IsOnlyHere">Whether the server may have it all the same: permissions keep it from this user, or this process lacks the environment variable.</param>
internal sealed record UnreadableSecret(string Name, string Problem, bool IsOnlyHere);
