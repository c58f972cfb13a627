using System.CommandLine;

namespace Mayu.Ctl.Completion;

/// <summary>What may stand at a place of the command line.</summary>
internal enum CompletionKind
{
    /// <summary>One of some words, or something that nobody can tell.</summary>
    Words,

    /// <summary>The name of a file, which the shell knows best.</summary>
    Files,

    /// <summary>A machine's serial, which the server knows.</summary>
    Machines,

    /// <summary>A profile, which the server knows.</summary>
    Profiles,

    /// <summary>A webhook, which the server knows.</summary>
    Webhooks,

    /// <summary>A context, which the file of contexts has.</summary>
    Contexts,
}

/// <summary>Which kind of value an argument or an option takes, by the words with which help describes it.</summary>
internal static class CompletionKinds
{
    /// <summary>The kind of an argument's values.</summary>
    public static CompletionKind Of(Argument argument) => argument.Name switch
    {
        "serial" or "machine" => CompletionKind.Machines,
        "webhook" => CompletionKind.Webhooks,
        "context" => CompletionKind.Contexts,
        _ => CompletionKind.Words,
    };

    /// <summary>The kind of an option's values.</summary>
    public static CompletionKind Of(Option option) => option switch
    {
        { Name: "--profile" } => CompletionKind.Profiles,
        { Name: "--context" } => CompletionKind.Contexts,
        { Name: "--of" } => CompletionKind.Machines,
        { HelpName: "FILE" } => CompletionKind.Files,
        _ => CompletionKind.Words,
    };
}
