using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Mayu.Primitives;
using Mayu.Server.Configuration.Settings;

namespace Mayu.Server.EtcdDiscovery;

/// <summary>
/// All tokens: found by text in constant time, changed one after the other, each change on the disk before it is answered. What clients may have made
/// and never used goes again, so that nobody on the boot network fills memory or disk.
/// </summary>
internal sealed partial class DiscoveryTokens : IAsyncDisposable
{
    /// <summary>How many tokens clients may have at a time, those that Mayu gives to machines not counted.</summary>
    public const int MostTokens = 512;

    /// <summary>How many of these one address may have.</summary>
    public const int MostPerClient = 32;

    /// <summary>How many tokens Mayu gives to machines at most.</summary>
    public const int MostKept = 4096;

    /// <summary>How long a token stays that nobody registers with.</summary>
    public static readonly TimeSpan UnusedLifetime = TimeSpan.FromDays(1);

    /// <summary>How long a token stays after its last change. Its cluster was born long ago.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>How long a token with members cannot be pushed out by another one: a cluster is born within minutes.</summary>
    public static readonly TimeSpan Birth = TimeSpan.FromDays(1);

    /// <summary>How long a token cannot be pushed out by another one, even unused.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private readonly DiscoveryFolder _folder;
    private readonly int _size;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<string, WatchedToken> _tokens = new(StringComparer.Ordinal);
    private readonly bool _isWhole;
    private volatile WatchedToken? _default;

    private DiscoveryTokens(DiscoveryFolder folder, int size, TimeProvider clock, ILogger log)
    {
        (_folder, _size, _clock, _log) = (folder, size, clock, log);
        var loaded = folder.Load(out var unread);
        foreach (var token in loaded)
        {
            var watched = _tokens[token.Text] = new WatchedToken(token);
            _default = token.IsDefault ? watched : _default;
        }

        _isWhole = unread.Count == 0;
        unread.ForEach(problem => LogUnread(log, problem));
    }

    /// <summary>Reads the tokens of the last run.</summary>
    /// <param name="folder">Their folder.</param>
    /// <param name="size">The size of a cluster where nobody says another, in members.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="log">Told of what cannot be read or written.</param>
    public static DiscoveryTokens Open(string folder, int size, TimeProvider clock, ILogger log) => new(new DiscoveryFolder(folder), size, clock, log);

    /// <summary>A token; null: there is none with this text.</summary>
    public WatchedToken? Find(string text) => _tokens.GetValueOrDefault(text);

    /// <summary>Makes a token for whoever asks.</summary>
    /// <param name="size">The size of its cluster; null: the usual one.</param>
    /// <param name="client">Who asks; null: no address of IPv4.</param>
    /// <param name="cancellationToken">Ends the wait for earlier changes.</param>
    /// <returns>The token; null: there are too many.</returns>
    /// <exception cref="IOException">It cannot be kept.</exception>
    public async Task<string?> CreateAsync(int? size, Ipv4? client, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return HasRoomFor(client ?? default) ? Add(New() with { Size = size ?? _size, Client = client ?? default(Ipv4) }).Current.Text : null;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Changes a token.</summary>
    /// <param name="text">The token.</param>
    /// <param name="change">What to do; it is given the token as it is then, and the time.</param>
    /// <param name="cancellationToken">Ends the wait for earlier changes.</param>
    /// <returns>What became of it; null: there is no such token.</returns>
    /// <exception cref="IOException">It cannot be kept, and is as it was.</exception>
    public async Task<DiscoveryOutcome?> ChangeAsync(string text, Func<DiscoveryToken, DateTimeOffset, DiscoveryOutcome> change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (Find(text) is not { } token)
            {
                return null;
            }

            var outcome = change(token.Current, _clock.GetUtcNow());
            if (outcome.Fault is null)
            {
                Write(outcome.Token);
                token.Set(outcome.Token);
            }

            return outcome;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Removes a token with its members.</summary>
    /// <param name="text">The token.</param>
    /// <param name="withMembers">Whether it may have some.</param>
    /// <param name="cancellationToken">Ends the wait for earlier changes.</param>
    /// <inheritdoc cref="ChangeAsync"/>
    public async Task<DiscoveryOutcome?> RemoveAsync(string text, bool withMembers, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (Find(text) is not { Current: var token })
            {
                return null;
            }

            var fault = token.IsKept ? DiscoveryFault.ReadOnly : !withMembers && !token.Members.IsEmpty ? DiscoveryFault.NotEmpty : (DiscoveryFault?)null;
            if (fault is null)
            {
                Drop(token.Text);
            }

            return new DiscoveryOutcome(token, Fault: fault);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The token that Mayu gives to machines: one that an operator named, or the one of all others. It is made where it is not there.</summary>
    /// <param name="named">The operator's; null: Mayu's own.</param>
    /// <param name="text">The token.</param>
    /// <param name="problem">Why it cannot be given, as half a sentence.</param>
    public bool TryKeep(string? named, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        (text, problem) = ((named is null ? _default : Find(named)) is { Current: { IsKept: true } known } ? known.Text : null, null);
        if (text is not null)
        {
            return true;
        }

        _writing.Wait();
        try
        {
            text = KeepOne(named, out problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"the token cannot be kept: {e.Reason()}";
        }
        finally
        {
            _writing.Release();
        }

        problem = text is null ? problem ?? "there is no token" : null;
        return text is not null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _writing.Dispose();
        return ValueTask.CompletedTask;
    }

    private string? KeepOne(string? named, out string? problem)
    {
        problem = null;
        if ((named is null ? _default : Find(named)) is { } known)
        {
            if (!known.Current.IsKept)
            {
                var kept = known.Current with { IsKept = true };
                Write(kept);
                known.Set(kept);
            }

            return known.Current.Text;
        }

        // The unread one may be the very token: with another, machines would form a second cluster.
        problem = !_isWhole ? $"a file in {_folder.Path} cannot be read (the log says which): repair it, or remove it and restart Mayu"
            : _tokens.Values.Count(token => token.Current.IsKept) >= MostKept ? $"machines already use {MostKept} tokens, which is the maximum"
            : null;
        if (problem is not null)
        {
            return null;
        }

        var added = Add(New() with { Text = named ?? NewText(), IsKept = true, IsDefault = named is null });
        if (named is not null)
        {
            LogNamed(_log, _size);
        }

        _default = named is null ? added : _default;
        return added.Current.Text;
    }

    private DiscoveryToken New()
    {
        var now = _clock.GetUtcNow();
        return new() { Text = NewText(), Size = _size, Created = now, Changed = now };
    }

    private static string NewText() => RandomNumberGenerator.GetHexString(EtcdDiscoverySettings.TokenLength, lowercase: true);

    private WatchedToken Add(DiscoveryToken token)
    {
        Write(token);
        return _tokens[token.Text] = new WatchedToken(token);
    }

    private void Write(DiscoveryToken token)
    {
        try
        {
            _folder.Write(token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(_log, _folder.Path, e.Reason());
            throw e as IOException ?? new IOException(e.Message, e);
        }
    }

    private void Drop(string text)
    {
        try
        {
            _folder.Delete(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It comes back at the next start, and goes again.
            LogNotWritten(_log, _folder.Path, e.Reason());
        }

        if (_tokens.TryRemove(text, out var dropped))
        {
            dropped.End();
        }
    }

    // What has outlived its time goes; then, if there are still too many, the one that was changed longest ago, and not lately.
    private bool HasRoomFor(Ipv4 client)
    {
        var now = _clock.GetUtcNow();
        var open = _tokens.Values.Select(token => token.Current).Where(token => !token.IsKept).ToList();
        var late = open.Where(token => now - token.Changed > (token.IsUsed ? Lifetime : UnusedLifetime)).ToList();
        late.ForEach(token => Drop(token.Text));
        open = [.. open.Except(late)];
        var own = open.Where(token => token.Client == client).ToList();
        if (open.Count < MostTokens && own.Count < MostPerClient)
        {
            return true;
        }

        var victim = (own.Count >= MostPerClient ? own : open).Where(token => now - token.Changed >= (token.IsUsed ? Birth : Grace)).MinBy(token => token.Changed);
        if (victim is not null)
        {
            Drop(victim.Text);
        }

        return victim is not null;
    }

    [LoggerMessage(1, LogLevel.Error, "etcd discovery: {Problem}. Its machines cannot find each other; repair the file, or remove it and restart Mayu")]
    private static partial void LogUnread(ILogger log, string problem);

    [LoggerMessage(3, LogLevel.Warning, "etcd discovery: a token that an operator named was not there, or had expired: it was made with etcd_discovery.size, {Size} members")]
    private static partial void LogNamed(ILogger log, int size);

    [LoggerMessage(2, LogLevel.Error, "etcd discovery: {Folder} cannot be written: {Reason}. Requests are refused until it can")]
    private static partial void LogNotWritten(ILogger log, string folder, string reason);
}
