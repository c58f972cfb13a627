using System.CommandLine;
using Mayu.Client;
using Mayu.Client.Text;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Contexts;

namespace Mayu.Ctl.Completion;

/// <summary><c>mayuctl __complete WORDS</c>: what may stand at the cursor. It never fails and says nothing but words: nobody asked for an error.</summary>
/// <param name="session">The way to the server.</param>
internal sealed class Completer(CtlSession session)
{
    // A person waits with a finger on the key.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Prints the words.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="words">The words before the cursor, without the program's name; the last one is being typed and may be empty.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> words, CancellationToken cancellation)
    {
        var place = CompletionPlace.Of(root, words);
        var output = session.Console.Out;
        await output.WriteLineAsync(place.Kind == CompletionKind.Files ? "files" : "words");
        var typed = words.Count > 0 ? words[^1] : "";
        foreach (var candidate in place.Words.Concat(await AskAsync(root, place.Kind, words, cancellation)))
        {
            var word = place.Prefix + candidate.Word;
            if (word.StartsWith(typed, StringComparison.Ordinal) && word.EnumerateRunes().All(PrintableText.IsPrintable))
            {
                await output.WriteLineAsync(candidate.Meaning is { Length: > 0 } meaning ? $"{word}\t{PrintableText.Escape(meaning)}" : word);
            }
        }

        return ExitCode.Ok;
    }

    private async Task<IEnumerable<Candidate>> AskAsync(RootCommand root, CompletionKind kind, IReadOnlyList<string> words, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            // Where the server is may stand on the line that is typed.
            var parsed = CommandWords.Parse(root, [.. words.SkipLast(1)]);
            return kind switch
            {
                CompletionKind.Machines => (await session.TryAskAsync(parsed, client => client.ListMachinesAsync(new MachineListRequest { Fields = ["serial", "state", "profile", "hostname"] }, patience.Token), patience.Token) ?? [])
                    .Select(machine => new Candidate(machine.Serial, string.Join(", ", new[] { machine.State, machine.Profile, machine.Hostname }.Where(part => part is { Length: > 0 })))),
                CompletionKind.Profiles => (await session.TryAskAsync(parsed, client => client.GetProfilesAsync(patience.Token), patience.Token))?.Items
                    .Select(profile => new Candidate(profile.Name)) ?? [],
                CompletionKind.Webhooks => (await session.TryAskAsync(parsed, client => client.Webhooks.ListAsync(patience.Token), patience.Token) ?? [])
                    .Select(hook => new Candidate(hook.Name, hook.Receiver)),
                CompletionKind.Contexts when ContextFile.PathFor(session.Console) is { } path =>
                    ContextFile.Read(path, out _).Contexts.Select(context => new Candidate(context.Key, context.Value.Server)),
                _ => [],
            };
        }
        catch (Exception failed) when (failed is OperationCanceledException or InvalidOperationException)
        {
            // Too slow, or an option in front that cannot be read.
            return [];
        }
    }
}
