using System.Collections.Immutable;
using System.Text.Json;
using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Mayu.Linux.Files;
using Mayu.Server.Access;

namespace Mayu.Server.Auth;

/// <summary>The tokens that admins created, in a file that only its owner can read. Safe from any thread; a look-up is O(1).</summary>
internal sealed class ApiTokens
{
    /// <summary>How many there are at most.</summary>
    public const int MaxTokens = 1000;

    private const int MaxBytes = 4 << 20;

    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly TimeProvider _clock;
    private ImmutableSortedDictionary<string, Entry> _byName = ImmutableSortedDictionary.Create<string, Entry>(StringComparer.Ordinal);
    private ImmutableDictionary<string, Entry> _byHash = ImmutableDictionary.Create<string, Entry>(StringComparer.Ordinal);

    private ApiTokens(string file, TimeProvider clock) => (_file, _clock) = (file, clock);

    /// <summary>Reads the file; none is a server without such tokens.</summary>
    /// <exception cref="IOException">It cannot be read, or is not what this server writes: who may do what is not guessed.</exception>
    public static ApiTokens Open(string file, TimeProvider clock)
    {
        var tokens = new ApiTokens(file, clock);
        if (!File.Exists(file))
        {
            return tokens;
        }

        try
        {
            var list = JsonSerializer.Deserialize(BoundedFile.ReadText(file, MaxBytes), ApiTokenContext.Default.ApiTokenList);
            if (list is not { Version: ApiTokenList.Known, Tokens: not null })
            {
                throw new IOException($"{file} is of another version of Mayu: start that version, or remove the file, which revokes all tokens in it");
            }

            foreach (var token in list.Tokens)
            {
                tokens.Put(token);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new IOException($"{file} is not valid ({e.Message}): restore it, or remove it, which revokes all tokens in it", e);
        }

        return tokens;
    }

    /// <summary>All tokens by name, with the time of their last request since the start.</summary>
    public IEnumerable<(ApiToken Token, DateTimeOffset? LastUsed)> All => Volatile.Read(ref _byName).Values.Select(entry => (entry.Token, entry.LastUsed));

    /// <summary>Who sends a text as a token; null where it is none, or has expired.</summary>
    public Caller? Find(string text)
    {
        // The hash of 256 random bits: how long a look-up takes tells nothing of another one.
        if (!Volatile.Read(ref _byHash).TryGetValue(ApiToken.HashOf(text), out var entry) || HasExpired(entry.Token))
        {
            return null;
        }

        entry.LastUsed = _clock.GetUtcNow();
        return entry.Caller;
    }

    /// <summary>Whether a token has expired.</summary>
    public bool HasExpired(ApiToken token) => token.Expires <= _clock.GetUtcNow();

    /// <summary>Why a token cannot be created that expires then; null: it can.</summary>
    public Refusal? WhyNot(DateTimeOffset? expires) =>
        expires <= _clock.GetUtcNow() ? new Refusal(RefusalReason.Invalid, "The token would have expired already.").Of("expires") : null;

    /// <summary>Creates a token; it is durable when this returns.</summary>
    /// <param name="name">Its name; no other token has it.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="scope">The machines that it may change.</param>
    /// <param name="expires">When it expires; null: never.</param>
    /// <param name="refusal">Why it was not created.</param>
    /// <returns>The token and its text, which nobody can read again; null when it was refused.</returns>
    /// <exception cref="StoreUnavailableException">The file cannot be written.</exception>
    public (ApiToken Token, string Text)? Create(string name, Role role, Selector scope, DateTimeOffset? expires, out Refusal? refusal)
    {
        lock (_gate)
        {
            refusal = _byName.TryGetValue(name, out var known)
                ? new Refusal(RefusalReason.Conflict, $"There is a token {name} already{(HasExpired(known.Token) ? ", which has expired" : "")}: revoke it, or choose another name.").Of("name")
                : _byName.Count >= MaxTokens ? new Refusal(RefusalReason.Conflict, $"There are {MaxTokens} tokens; no more are allowed. Revoke those that nobody needs.")
                : WhyNot(expires);
            if (refusal is not null)
            {
                return null;
            }

            var text = ApiToken.NewText();
            var token = new ApiToken { Name = name, Role = role, Scope = scope.IsEverything ? null : scope.ToString(), Hash = ApiToken.HashOf(text), Created = _clock.GetUtcNow(), Expires = expires };
            Write([.. _byName.Values.Select(entry => entry.Token), token]);
            Put(token);
            return (token, text);
        }
    }

    /// <summary>Revokes a token; from the next request on it is not taken.</summary>
    /// <returns>The token; null where there is none of this name.</returns>
    /// <exception cref="StoreUnavailableException">The file cannot be written: it is still taken.</exception>
    public ApiToken? Revoke(string name)
    {
        lock (_gate)
        {
            if (!_byName.TryGetValue(name, out var entry))
            {
                return null;
            }

            Write([.. _byName.Values.Where(other => other != entry).Select(other => other.Token)]);
            Volatile.Write(ref _byHash, _byHash.Remove(entry.Token.Hash));
            Volatile.Write(ref _byName, _byName.Remove(name));
            return entry.Token;
        }
    }

    private void Put(ApiToken? token)
    {
        if (!ApiToken.IsName(token?.Name) || token is not { Hash.Length: 64 } || !Enum.IsDefined(token.Role))
        {
            throw new InvalidOperationException($"it has a token with a name, a role or a hash that is none: {token?.Name}");
        }

        var entry = new Entry(token);
        Volatile.Write(ref _byName, _byName.Add(token.Name, entry));
        Volatile.Write(ref _byHash, _byHash.Add(token.Hash, entry));
    }

    private void Write(IReadOnlyList<ApiToken> tokens)
    {
        try
        {
            PrivateFile.Write(_file, JsonSerializer.Serialize(new ApiTokenList { Version = ApiTokenList.Known, Tokens = tokens }, ApiTokenContext.Default.ApiTokenList) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"{_file} cannot be written: {e.Message}", e);
        }
    }

    private sealed class Entry(ApiToken token)
    {
        private long _lastUsed;

        public ApiToken Token { get; } = token;

        public Caller Caller { get; } = token.Caller;

        public DateTimeOffset? LastUsed
        {
            get => Volatile.Read(ref _lastUsed) is not 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
            set => Volatile.Write(ref _lastUsed, value!.Value.UtcTicks);
        }
    }
}
