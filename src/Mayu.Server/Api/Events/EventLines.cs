using System.Text.Json;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Server.Api.Machines;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Events;

/// <summary>The events of the ring as they are sent. Whoever reads one first writes it, and all others send the same bytes.</summary>
internal sealed class EventLines(BootEvents events, EventIds ids)
{
    private readonly EventLine?[] _lines = new EventLine?[events.Capacity];

    /// <summary>The events after one, oldest first.</summary>
    /// <param name="after">The number of the last one that was read.</param>
    /// <param name="page">Takes them.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>How many were pushed out before they could be read.</returns>
    public long Read(long after, List<EventLine> page, int most)
    {
        var newest = events.Newest;
        while (page.Count < most && after + page.Count < newest)
        {
            var number = after + page.Count + 1;
            if (Volatile.Read(ref _lines[number % _lines.Length]) is { } line && line.Number == number && newest - number < _lines.Length)
            {
                page.Add(line);
                continue;
            }

            var read = events.Read(number - 1, most - page.Count, out var missed);
            if (missed > 0)
            {
                // Those before the gap go first; the next look finds it again.
                return page.Count > 0 ? 0 : missed;
            }

            foreach (var (at, happened) in read)
            {
                var made = new EventLine(at, happened, BytesOf(ids.Line(at), ViewOf(happened)));
                Volatile.Write(ref _lines[at % _lines.Length], made);
                page.Add(made);
            }
        }

        return 0;
    }

    /// <summary>An event as it is sent.</summary>
    /// <param name="id">The line that says its id.</param>
    /// <param name="view">What is sent of it.</param>
    public static byte[] BytesOf(byte[] id, Contracts.BootEvent view) =>
        [.. id, .. "event: "u8, .. System.Text.Encoding.ASCII.GetBytes(view.Kind), .. "\ndata: "u8, .. JsonSerializer.SerializeToUtf8Bytes(view, Contracts.ApiJsonContext.Default.BootEvent), .. "\n\n"u8];

    /// <summary>An event as the API shows it.</summary>
    public static Contracts.BootEvent ViewOf(BootEvent happened) => new()
    {
        Kind = happened.Kind.ToString().ToLowerInvariant(),
        At = happened.At,
        Serial = happened.Serial?.Text,
        MacAddress = happened.Mac?.ToString(),
        Hop = MachineView.HopOf(happened.Hop),
        State = happened.State is { } state ? Lifecycle.NameOf(state) : null,
        Before = happened.Before is { } before ? Lifecycle.NameOf(before) : null,
        Stall = MachineView.StallOf(happened.Stall),
    };
}

/// <summary>One event of the ring.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Happened">What happened.</param>
/// <param name="Bytes">How it is sent.</param>
internal sealed record EventLine(long Number, BootEvent Happened, byte[] Bytes);
