using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Provisioning;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Server.Configuration;

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

    private SecretStore(Dictionary<string, string> values, Dictionary<string, SecretSetting> perMachine) => (_values, _perMachine) = (values, perMachine);

    /// <summary>Reads all that can be read before a machine asks.</summary>
    /// <param name="settings">Where they come from.</param>
    /// <param name="store">The secrets.</param>
    /// <param name="problems">What cannot be read, each as a sentence that names the secret.</param>
    public static bool TryOpen(ImmutableArray<SecretSetting> settings, [NotNullWhen(true)] out SecretStore? store, out IReadOnlyList<string> problems)
    {
        var (values, faults) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        foreach (var setting in settings.Where(setting => !setting.IsPerMachine))
        {
            if (TryRead(setting, out var value, out var problem))
            {
                values[setting.Name] = value;
            }
            else
            {
                faults.Add($"the secret {setting.Name} cannot be read: {problem}");
            }
        }

        problems = faults;
        store = faults.Count == 0 ? new SecretStore(values, settings.Where(setting => setting.IsPerMachine).ToDictionary(setting => setting.Name, StringComparer.Ordinal)) : null;
        return store is not null;
    }

    /// <inheritdoc/>
    public IEnumerable<string> Names => _values.Keys.Concat(_perMachine.Keys);

    /// <inheritdoc/>
    public bool Has(string name) => _values.ContainsKey(name) || _perMachine.ContainsKey(name);

    /// <inheritdoc/>
    public bool TryRead(string name, Serial machine, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        return _values.TryGetValue(name, out value)
            || (_perMachine.TryGetValue(name, out var own)
                ? TryReadFile(own.File!.Replace(SecretSetting.SerialMark, NameOf(machine), StringComparison.Ordinal), out value, out problem)
                : Fail($"there is no secret {name}", out value, out problem));
    }

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

    private static bool Fail(string why, out string? value, out string problem)
    {
        (value, problem) = (null, why);
        return false;
    }
}
