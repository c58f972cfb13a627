using System.Globalization;
using System.Text;

namespace Mayu.Server.Api.Events;

/// <summary>The ids of a stream's events: the start of the server, and a number that begins anew with each start.</summary>
/// <param name="clock">Tells the start.</param>
/// <param name="stream">What ids of this stream begin with: one of another stream is none.</param>
internal sealed class EventIds(TimeProvider clock, string stream = "")
{
    private readonly string _epoch = stream + clock.GetUtcNow().UtcTicks.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The number of an id; null: it is of another start, or none at all.</summary>
    public long? Read(string id) =>
        id.Split('-') is [var epoch, var number] && epoch == _epoch && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : null;

    /// <summary>The line that says an event's id.</summary>
    public byte[] Line(long number) => Encoding.ASCII.GetBytes($"id: {_epoch}-{number}\n");
}
