using System.Runtime.CompilerServices;
using Mayu.Client.Contracts;
using Mayu.Client.Events;

namespace Mayu.Client;

/// <summary>
/// The list of machines, followed: first each machine, then each change, in one stream. Where the connection breaks, it is made again, and goes on where it broke;
/// where the server cannot go on there, a new list begins. Apply the events to a <see cref="MachineCopy"/> to have the list at hand.
/// </summary>
public sealed class MachineWatch : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly Func<string?, CancellationToken, Task<ApiResult<EventReader<MachineEvent>>>> _open;
    private EventReader<MachineEvent> _reader;

    private MachineWatch(Func<string?, CancellationToken, Task<ApiResult<EventReader<MachineEvent>>>> open, EventReader<MachineEvent> reader) => (_open, _reader) = (open, reader);

    /// <summary>Told each time the connection has broken, and each time it could not be made again, with the failure; null: it broke in the middle.</summary>
    public Action<ApiFailure?>? Interrupted { get; set; }

    /// <summary>Why the events have ended: a failure that does not pass by itself, such as a revoked token. Null while they go on.</summary>
    public ApiFailure? Failure { get; private set; }

    /// <summary>The events. They end only with <see cref="Failure"/>.</summary>
    /// <param name="cancellation">Ends it, by an exception.</param>
    public async IAsyncEnumerable<MachineEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            await foreach (var happened in _reader.ReadAsync(cancellation))
            {
                yield return happened;
            }

            var lastId = _reader.LastId;
            _reader.Dispose();
            Interrupted?.Invoke(null);
            if (await AgainAsync(lastId, cancellation) is not { } again)
            {
                yield break;
            }

            _reader = again;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    internal static async Task<ApiResult<MachineWatch>> OpenAsync(
        Func<string?, CancellationToken, Task<ApiResult<EventReader<MachineEvent>>>> open, CancellationToken cancellation) =>
        (await open(null, cancellation)).Select(reader => new MachineWatch(open, reader));

    // Pauses with jitter: after a restart of the server not all come in the same moment.
    private async Task<EventReader<MachineEvent>?> AgainAsync(string? lastId, CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), cancellation);
            if ((await _open(lastId, cancellation)).TryGet(out var reader, out var failure))
            {
                return reader;
            }

            if (!failure.MayPass)
            {
                Failure = failure;
                return null;
            }

            Interrupted?.Invoke(failure);
        }
    }
}
