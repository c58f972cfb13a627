using System.Diagnostics.CodeAnalysis;
using Mayu.Primitives;

namespace Mayu.Server.Auth;

/// <summary>
/// The boot tokens that were issued. Each is for one boot of one machine: its config is given for <paramref name="lifetime"/> after the script, some
/// times at most, and no more once the machine is installed; what the machine reports is taken for a day.
/// </summary>
/// <param name="clock">Tells the time.</param>
/// <param name="lifetime">How long a config is given for a token.</param>
internal sealed class BootTokens(TimeProvider clock, TimeSpan lifetime) : IBootTokenSource
{
    /// <summary>How often one file is given for a token: clients try again up to ten times, the discovery system in fifteen rounds.</summary>
    public const int MostFetches = 32;

    private const int MostInstallations = 131_072;

    /// <summary>How long a token is known, and its machine's reports are taken.</summary>
    public static readonly TimeSpan ReportLifetime = TimeSpan.FromHours(24);

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, LinkedListNode<BootToken>> _tokens = [];
    private readonly LinkedList<BootToken> _oldestFirst = new();
    private readonly BootTokenShares _shares = new();

    // When a machine was installed last, or its system ran: what was issued before is spent.
    private readonly Dictionary<Serial, DateTimeOffset> _installed = [];

    private long _changes;
    private long _refusals;

    /// <summary>How many requests were refused for their token.</summary>
    public long Refusals => Interlocked.Read(ref _refusals);

    /// <summary>Goes up with each change of what <see cref="Save"/> would write.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <inheritdoc/>
    public string Issue(in BootTokenOwner owner)
    {
        var text = BootToken.NewText();
        var token = new BootToken
        {
            Hash = BootToken.HashOf(text),
            Issued = clock.GetUtcNow(),
            Client = owner.Client,
            Mac = owner.Mac,
            Machine = owner.Machine,
            IsKnown = owner.IsKnown,
            HasItsAddress = owner.HasItsAddress,
        };
        lock (_lock)
        {
            Add(token);
        }

        return text;
    }

    /// <summary>The token of a text.</summary>
    /// <param name="text">What was sent; null when nothing was.</param>
    /// <param name="token">The token, when it is one that is known.</param>
    /// <param name="problem">Otherwise: why not, as half a sentence about the request.</param>
    public bool TryFind(string? text, [NotNullWhen(true)] out BootToken? token, [NotNullWhen(false)] out string? problem)
    {
        token = null;
        problem = null;
        if (string.IsNullOrEmpty(text))
        {
            problem = "it carries no boot token";
        }
        else if (!BootToken.IsToken(text))
        {
            problem = "what it carries is not a boot token";
        }
        else
        {
            lock (_lock)
            {
                if (_tokens.TryGetValue(BootToken.HashOf(text), out var node) && clock.GetUtcNow() - node.Value.Issued <= ReportLifetime)
                {
                    token = node.Value;
                    return true;
                }
            }

            problem = "its boot token is unknown: it is of a boot more than a day ago, or newer ones took its place";
        }

        return false;
    }

    /// <summary>Whether a file may be given for a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="file">Which file.</param>
    /// <param name="problem">Why it is not given, as half a sentence about the request.</param>
    public bool MayFetch(BootToken token, string file, [NotNullWhen(false)] out string? problem)
    {
        lock (_lock)
        {
            problem = WhyNot(token, file);
        }

        return problem is null;
    }

    /// <summary>Takes one fetch off a token, for a file that can be given now.</summary>
    /// <inheritdoc cref="MayFetch"/>
    public bool TryFetch(BootToken token, string file, [NotNullWhen(false)] out string? problem)
    {
        lock (_lock)
        {
            problem = WhyNot(token, file);
            if (problem is null)
            {
                token.Given[file] = token.Given.GetValueOrDefault(file) + 1;
                Changed();
            }
        }

        return problem is null;
    }

    /// <summary>The machine of a token became known by its facts.</summary>
    public void Adopt(BootToken token, Serial machine)
    {
        lock (_lock)
        {
            if ((token.Machine != machine || !token.IsKnown) && _tokens.ContainsKey(token.Hash))
            {
                _shares.Remove(token);
                token.Adopt(machine);
                Share(token);
                Changed();
            }
        }
    }

    /// <summary>A machine is installed, or its live system runs: no config is given any more for what was issued for it.</summary>
    public void Spend(Serial machine)
    {
        lock (_lock)
        {
            _installed[machine] = clock.GetUtcNow();
            Changed();
        }
    }

    /// <summary>Counts a refusal.</summary>
    public void CountRefusal() => Interlocked.Increment(ref _refusals);

    /// <summary>All that is known, the oldest token first, as it is now: what comes later does not change it.</summary>
    public BootTokenState Save()
    {
        lock (_lock)
        {
            return new BootTokenState([.. _oldestFirst.Select(token => token.Copy())], [.. _installed]);
        }
    }

    /// <summary>Takes over what was saved.</summary>
    public void Load(BootTokenState state)
    {
        lock (_lock)
        {
            foreach (var token in state.Tokens.OrderBy(token => token.Issued))
            {
                Add(token);
            }

            foreach (var (machine, when) in state.Installed)
            {
                _installed[machine] = when;
            }
        }
    }

    private string? WhyNot(BootToken token, string file) =>
        clock.GetUtcNow() - token.Issued > lifetime ? "its boot token has expired (boot.token_lifetime)"
        : IsSpent(token) ? "its boot token is spent: the machine was installed with it, or runs since"
        : token.Given.GetValueOrDefault(file) >= MostFetches ? $"{file} was given {MostFetches} times for its boot token"
        : null;

    private bool IsSpent(BootToken token) => token.Machine is { } machine && _installed.TryGetValue(machine, out var when) && when >= token.Issued;

    private void Add(BootToken token)
    {
        var oldest = clock.GetUtcNow() - ReportLifetime;
        while (_oldestFirst.First is { Value: var first } && first.Issued < oldest)
        {
            _shares.Remove(first);
            Forget(first);
        }

        _tokens[token.Hash] = _oldestFirst.AddLast(token);
        Share(token);
        ForgetInstallations(oldest);
        Changed();
    }

    private void Share(BootToken token)
    {
        if (_shares.Add(token) is { } dropped)
        {
            Forget(dropped);
        }
    }

    private void Forget(BootToken token)
    {
        if (_tokens.Remove(token.Hash, out var node))
        {
            _oldestFirst.Remove(node);
        }
    }

    // Those before the oldest token say nothing any more.
    private void ForgetInstallations(DateTimeOffset oldest)
    {
        if (_installed.Count <= MostInstallations)
        {
            return;
        }

        foreach (var (machine, when) in _installed.ToList())
        {
            if (when < oldest)
            {
                _installed.Remove(machine);
            }
        }
    }

    private void Changed() => Interlocked.Increment(ref _changes);
}

/// <summary>What is written down of boot tokens.</summary>
/// <param name="Tokens">The tokens.</param>
/// <param name="Installed">When machines were installed.</param>
internal sealed record BootTokenState(IReadOnlyList<BootToken> Tokens, IReadOnlyList<KeyValuePair<Serial, DateTimeOffset>> Installed);
