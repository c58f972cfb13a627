using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mayu.Client.Events;

namespace Mayu.Client;

/// <summary>What happens to machines, as the server tells it: server-sent events (WHATWG HTML §9.2).</summary>
/// <typeparam name="T">What the data of each event is.</typeparam>
public sealed class EventReader<T> : IDisposable
    where T : class
{
    // The server says something every 15 s, if only that it is there.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    // A machine with all its facts and overrides.
    private const int LongestEvent = 4 << 20;

    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly JsonTypeInfo<T> _type;
    private readonly Func<T, string, T> _withKind;

    /// <param name="response">The answer.</param>
    /// <param name="stream">Its body.</param>
    /// <param name="lastId">The id after which it began; null: it began anew.</param>
    /// <param name="type">How the data is read.</param>
    /// <param name="withKind">Gives the data its kind, where only the event's name says it.</param>
    internal EventReader(HttpResponseMessage response, Stream stream, string? lastId, JsonTypeInfo<T> type, Func<T, string, T> withKind) =>
        (_response, _stream, LastId, _type, _withKind) = (response, stream, lastId, type, withKind);

    /// <summary>The id of the last event that was read: where another stream can go on.</summary>
    public string? LastId { get; private set; }

    /// <summary>The events, until the stream breaks; that is no error, and another stream goes on behind <see cref="LastId"/>.</summary>
    /// <param name="cancellation">Ends it, by an exception.</param>
    public async IAsyncEnumerable<T> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
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

    private static async Task<bool> NextAsync(IAsyncEnumerator<SseItem<T?>> events, CancellationToken cancellation)
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

    private T? Parse(string kind, ReadOnlySpan<byte> data)
    {
        try
        {
            return AnswerJson.Read(data, _type, LongestEvent) is { } happened ? _withKind(happened, kind) : null;
        }
        catch (JsonException)
        {
            // A newer server's event that this program cannot read: it goes on with the next one.
            return null;
        }
    }
}
