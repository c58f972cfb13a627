using System.CommandLine;
using System.Text.Json;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands.Events;

/// <summary>Prints events as they come; a stream that breaks is opened again where it broke.</summary>
/// <param name="session">The way to the server.</param>
internal sealed class EventFollower(CtlSession session)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>The serial or MAC of the machine that is watched by a name. Who was never seen may still come.</summary>
    /// <param name="client">The client.</param>
    /// <param name="name">What was typed; null: nothing, for all machines.</param>
    /// <param name="cancellation">Ends the requests.</param>
    public static async Task<(string? Name, ApiFailure? Failure)> NameAsync(MayuClient client, string? name, CancellationToken cancellation)
    {
        if (name is null)
        {
            return (null, null);
        }

        var found = await client.FindMachineAsync(name, cancellation);
        return found.Failure is { Kind: not ApiFailureKind.NotFound } failure ? (null, failure) : (found.Value?.Serial ?? MachineName.UsualMac(name), null);
    }

    /// <summary>Prints events, until the cancellation ends it by an exception.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="client">The client.</param>
    /// <param name="of">The serial or MAC of the machine that is watched; null: all.</param>
    /// <param name="reader">The stream that was opened.</param>
    /// <param name="isNew">Whether an event is printed.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit code, where the server does not let this reader in any more.</returns>
    public async Task<int> FollowAsync(ParseResult parsed, MayuClient client, string? of, EventReader<BootEvent> reader, Func<BootEvent, bool> isNew, CancellationToken cancellation)
    {
        while (true)
        {
            using (reader)
            {
                await foreach (var happened in reader.ReadAsync(cancellation))
                {
                    if (isNew(happened))
                    {
                        Print(parsed, happened);
                    }
                }
            }

            var again = await AgainAsync(client, of, reader.LastId, cancellation);
            if (!again.TryGet(out var next, out var failure))
            {
                return session.Fail(parsed, failure);
            }

            reader = next;
        }
    }

    private async Task<ApiResult<EventReader<BootEvent>>> AgainAsync(MayuClient client, string? of, string? after, CancellationToken cancellation)
    {
        session.Console.WriteError("mayuctl: the event stream was lost; trying again");
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, cancellation);
            var again = await client.WatchAsync(of, after, cancellation);
            if (again.Failure is not { MayPass: true })
            {
                return again;
            }
        }
    }

    private void Print(ParseResult parsed, BootEvent happened)
    {
        if (session.Format(parsed) is OutputFormat.Table or OutputFormat.Wide)
        {
            new TracePrinter(session.Console).Print(happened);
        }
        else
        {
            // One event a line, for programs that read as it comes.
            session.Console.Out.WriteLine(JsonSerializer.Serialize(happened, ApiJsonContext.Default.BootEvent));
        }

        session.Console.Out.Flush();
    }
}
