using Mayu.Client;
using Mayu.Ctl.Contexts;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.CommandLine;

/// <summary>Where the way to the server comes from: flag, else environment, else the file's context, else default. A context that a flag names comes before the environment.</summary>
/// <param name="console">What surrounds the program.</param>
internal sealed class ClientSettings(CtlConsole console)
{
    private static readonly MayuClientOptions Defaults = new();

    /// <summary>What the command line says; null where it says nothing.</summary>
    public required ContextSettings Flags { get; init; }

    /// <summary>The context that the command line names.</summary>
    public string? Context { get; init; }

    /// <summary>Puts the settings together.</summary>
    /// <param name="options">The settings.</param>
    /// <returns>What is wrong with the file of contexts, or null.</returns>
    public string? Find(out MayuClientOptions options)
    {
        options = Defaults;
        if (ReadContext(out var context) is { } problem)
        {
            return problem;
        }

        var environment = new ContextSettings { Server = From("MAYU_SERVER"), Ca = From("MAYU_CA"), TokenFile = From("MAYU_TOKEN_FILE"), Certificate = From("MAYU_CLIENT_CERT") };
        ContextSettings[] order = Context is null ? [Flags, environment, context] : [Flags, context, environment];
        var token = From("MAYU_TOKEN");
        var ca = order.Select(it => it.Ca).FirstOrDefault(it => it is not null) ?? Defaults.CaFile;
        var tokenFile = order.Select(it => it.TokenFile).FirstOrDefault(it => it is not null);
        var certificate = order.Select(it => it.Certificate).FirstOrDefault(it => it is not null);
        // A file that the command line names comes before a token that the environment holds.
        token = Flags.TokenFile is null && Flags.Certificate is null && (Context is null || (context.TokenFile is null && context.Certificate is null)) ? token : null;
        options = Defaults with
        {
            Server = order.Select(it => it.Server).FirstOrDefault(it => it is not null) ?? ServerUrlFile.ReadBeside(ca) ?? Defaults.Server,
            CaFile = ca,
            TokenFile = tokenFile ?? Defaults.TokenFile,
            Token = token,
            CertificateFile = certificate,
            // The token's usual file is there for root on the server; who names a certificate means that alone.
            IsAnonymous = certificate is not null && token is null && tokenFile is null,
        };
        return (options.Token is null && tokenFile is not null && tokenFile == context.TokenFile ? ProblemOf("token", tokenFile) : null)
            ?? (certificate is not null && certificate == context.Certificate ? ProblemOf("key", certificate) : null);
    }

    private string? From(string name) => console.Environment(name) is { Length: > 0 } value ? value : null;

    private string? ReadContext(out ContextSettings context)
    {
        context = new ContextSettings();
        var path = ContextFile.PathFor(console);
        string? problem = null;
        var file = path is null ? ContextFile.Empty : ContextFile.Read(path, out problem);
        var (place, name) = Context is not null ? ("--context", Context) : From("MAYU_CONTEXT") is { } variable ? ("MAYU_CONTEXT", variable) : ("current in " + path, file.Current);
        if (problem is not null || name is null)
        {
            return problem;
        }

        if (file.Contexts.TryGetValue(name, out var found))
        {
            context = found;
            return null;
        }

        var known = file.Contexts.IsEmpty ? $"{path ?? "the file of contexts"} has none" : $"there are: {string.Join(", ", file.Contexts.Keys)}";
        return $"{place}: there is no context '{name}'; {known}. 'mayuctl context set {name} --server URL' makes it";
    }

    // As ssh does with a key.
    private static string? ProblemOf(string what, string file)
    {
        try
        {
            return (File.GetUnixFileMode(file) & UnixFileMode.OtherRead) != UnixFileMode.None
                ? $"the {what} in {file} can be read by every user of this host; remedy: chmod 600 {file}"
                : null;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // Reading it says what is wrong.
            return null;
        }
    }
}
