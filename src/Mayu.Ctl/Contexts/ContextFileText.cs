using System.Diagnostics.CodeAnalysis;
using Mayu.Primitives;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mayu.Ctl.Contexts;

/// <summary>Reads the YAML of a <see cref="ContextFile"/>. What is not known is an error: it would be ignored without a word.</summary>
internal sealed class ContextFileText
{
    private static readonly string[] Keys = ["current", "contexts"];

    private readonly string _path;
    private readonly IParser _parser;

    private ContextFileText(string text, string path) => (_path, _parser) = (path, new Parser(new StringReader(text)));

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Where it is from.</param>
    /// <param name="problem">What is wrong with it, with the line; null: nothing.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "it goes on as a problem of the file, with its line")]
    public static ContextFile Read(string text, string path, out string? problem)
    {
        problem = null;
        var reader = new ContextFileText(text, path);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException wrong)
        {
            problem = $"{path}, line {wrong.Start.Line}: {wrong.Message}";
        }
        catch (Exception)
        {
            // Not all that is no YAML is foreseen in the parser.
            problem = $"{path}, line {reader._parser.Current?.End.Line ?? 1}: it is not valid YAML after this point";
        }

        return ContextFile.Empty;
    }

    /// <summary>Whether a text can be the name of a context: 1 to 64 letters, digits, dots, dashes and underscores.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private ContextFile ReadDocument()
    {
        var file = ContextFile.Empty;
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return file;
        }

        ReadMap("the file", Keys, (key, _) => file = key == "current"
            ? file with { Current = Text(key) }
            : file with { Contexts = file.Contexts.AddRange(ReadContexts()) });
        _parser.Consume<DocumentEnd>();
        _parser.Consume<StreamEnd>();
        return file;
    }

    private Dictionary<string, ContextSettings> ReadContexts()
    {
        var contexts = new Dictionary<string, ContextSettings>(StringComparer.Ordinal);
        ReadMap("contexts", null, (name, at) =>
        {
            if (!IsName(name))
            {
                throw At(at, $"'{name}' cannot be the name of a context: 1 to 64 letters, digits, dots, dashes and underscores");
            }

            var context = new ContextSettings();
            ReadMap($"the context {name}", ContextSettings.Keys, (key, _) => context = key switch
            {
                "server" => context with { Server = Text(key) },
                "ca" => context with { Ca = Text(key) is var ca && ca == Client.MayuClientOptions.SystemAuthorities ? ca : FullPath(ca) },
                "token_file" => context with { TokenFile = FullPath(Text(key)) },
                _ => context with { Certificate = FullPath(Text(key)) },
            });
            contexts.Add(name, context);
        });
        return contexts;
    }

    private void ReadMap(string what, IReadOnlyList<string>? keys, Action<string, Mark> read)
    {
        if (!_parser.TryConsume<MappingStart>(out _))
        {
            throw At(_parser.Current?.Start ?? Mark.Empty, $"{what} must be a map of keys and values");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key))
            {
                throw At(_parser.Current?.Start ?? Mark.Empty, "a key must be a word");
            }

            if (keys?.Contains(key.Value) == false)
            {
                throw At(key.Start, $"'{key.Value}' is not a key of {what}; the keys are: {string.Join(", ", keys)}{Suggestion.For(key.Value, keys)}");
            }

            if (!seen.Add(key.Value))
            {
                throw At(key.Start, $"'{key.Value}' is there twice");
            }

            read(key.Value, key.Start);
        }
    }

    private string Text(string key) => _parser.TryConsume<Scalar>(out var value) && value.Value.Length > 0
        ? value.Value.Any(char.IsControl) ? throw At(value.Start, $"{key} has a control character") : value.Value
        : throw At(_parser.Current?.Start ?? Mark.Empty, $"{key} must be a text");

    // Below the file's own folder, so that the file can be moved together with what it names.
    private string FullPath(string path) => path.StartsWith("~/", StringComparison.Ordinal)
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
        : Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(_path))!);

    private static YamlException At(Mark mark, string message) => new(mark, mark, message);
}
