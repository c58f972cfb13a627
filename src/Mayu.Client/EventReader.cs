using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Mayu.Client.Contracts;

namespace Mayu.Client;

/// <summary>What happens to machines, as the server tells it: server-sent events (WHATWG HTML §9.2).</summary>
public sealed class EventReader : IDisposable
{
    // The server says something every 15 s, if only that it is there.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    private const int LongestEvent = 1 << 20;

    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;

    internal EventReader(HttpResponseMessage response, Stream stream, string? lastId) => (_response, _stream, LastId) = (response, stream, lastId);

    /// <summary>The id of the last event that was read: where another stream can go on.</summary>
    public string? LastId { get; private set; }

    /// <summary>The events, until the stream breaks; that is no error, and another stream goes on behind <see cref="LastId"/>.</summary>
    /// <param name="cancellation">Ends it, by an exception.</param>
    public async IAsyncEnumerable<BootEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var watched = new WatchedStream(_stream, LongestEvent, () => silent.CancelAfter(Silence));
        var events = SseParser.Create(watched, Parse).EnumerateAsync(silent.Token).GetAsyncEnumerator(silent.Token);
        await using (events.ConfigureAwait(false))
        {
            while (await NextAsync(events, cancellation))
            {
                LastId = events.Current.EventId ?? LastId;
                if (events.Current.Data is { } happened)
                {
                    yield return happened;
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _response.Dispose();
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<SseItem<BootEvent?>> events, CancellationToken cancellation)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static BootEvent? Parse(string kind, ReadOnlySpan<byte> data)
    {
        try
        {
            return AnswerJson.Read(data, ApiJsonContext.Default.BootEvent, LongestEvent) is { } happened
                ? happened with { Kind = happened.Kind.Length > 0 ? happened.Kind : kind }
                : null;
        }
        catch (JsonException)
        {
            // A newer server's event that this program cannot read: it goes on with the next one.
            return null;
        }
    }
}
