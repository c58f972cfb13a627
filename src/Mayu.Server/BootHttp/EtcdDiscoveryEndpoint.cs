using System.Globalization;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Server.Configuration.Settings;
using Mayu.Server.EtcdDiscovery;
using Mayu.Server.Http;

namespace Mayu.Server.BootHttp;

/// <summary>
/// etcd discovery: the part of etcd's v2 keys API that <c>etcd --discovery http://MAYU/etcd/TOKEN</c> speaks, and <c>PUT /etcd/new</c>, which makes a token.
/// Whoever has a token may read and change it, which is what the protocol is.
/// </summary>
internal sealed class EtcdDiscoveryEndpoint(BootContext boot)
{
    // A member changes its token once; whoever tries things out, more often.
    private const int Burst = 64;
    private const int MostWaiting = 1024;
    private const string TokenPath = DiscoveryUrls.Path + "/{token}";
    private const string SizePath = TokenPath + "/_config/size";
    private const string MemberPath = TokenPath + "/{member}";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Pace<Ipv4> _pace = new(boot.Clock, Burst, TimeSpan.FromSeconds(1));
    private int _waiting;

    public void Map(IEndpointRouteBuilder routes)
    {
        if (boot.EtcdTokens is not { } tokens)
        {
            return;
        }

        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        routes.MapPut($"{DiscoveryUrls.Path}/new", (HttpContext context, HttpPeer peer) => NewAsync(tokens, context, peer));
        routes.MapGet(TokenPath, (HttpContext context, CancellationToken aborted) => GetAsync(tokens, context, stopping, aborted));
        routes.MapGet(MemberPath, (HttpContext context, CancellationToken aborted) => GetAsync(tokens, context, stopping, aborted));
        routes.MapGet(SizePath, (HttpContext context) => GetSize(tokens, context));
        routes.MapPut(TokenPath, (HttpContext context) => Refused(tokens, context, DiscoveryFault.NotAFile));
        routes.MapDelete(SizePath, (HttpContext context) => Refused(tokens, context, DiscoveryFault.ReadOnly));
        routes.MapPut(SizePath, (HttpContext context, HttpPeer peer) => ChangeAsync(tokens, context, peer, PutSizeAsync));
        routes.MapPut(MemberPath, (HttpContext context, HttpPeer peer) => ChangeAsync(tokens, context, peer, PutAsync));
        routes.MapDelete(MemberPath, (HttpContext context, HttpPeer peer) => ChangeAsync(tokens, context, peer, DeleteAsync));
        routes.MapDelete(TokenPath, (HttpContext context, HttpPeer peer) => ChangeAsync(tokens, context, peer, DeleteTokenAsync));
    }

    private async Task<IResult> NewAsync(DiscoveryTokens tokens, HttpContext context, HttpPeer peer)
    {
        var (query, _) = await KeysQuery.ReadAsync(context);
        var size = 0;
        if (query is null || (query.Size is { } text && !TrySize(text, out size)))
        {
            return Problem.Invalid($"Send size=N, the number of members from 1 to {EtcdDiscoverySettings.MaxSize}, or nothing for {boot.Configuration.EtcdDiscovery.Size}.");
        }

        try
        {
            return !HasPace(peer) ? new Problem(StatusCodes.Status503ServiceUnavailable, "Too fast", $"This address makes changes too fast: {Burst} at once, then one per second.")
                : await tokens.CreateAsync(query.Size is null ? null : size, peer.Address, context.RequestAborted) is { } token
                ? new TextAnswer($"{boot.BootUrlFor(peer)}{DiscoveryUrls.Path}/{token}", "text/plain; charset=utf-8")
                : new Problem(StatusCodes.Status503ServiceUnavailable, "Too many tokens",
                    $"There are too many etcd discovery tokens. One that nobody used gives way after {DiscoveryTokens.Grace.TotalMinutes:0} minutes, one with members after {DiscoveryTokens.Birth.TotalHours:0} hours: try again then.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(StatusCodes.Status503ServiceUnavailable, "The token cannot be kept", "The server cannot write its files; its log says why.");
        }
    }

    private async Task<IResult> GetAsync(DiscoveryTokens tokens, HttpContext context, CancellationToken stopping, CancellationToken aborted)
    {
        var (text, member) = (Segment(context, "token"), SegmentOrNull(context, "member"));
        var (query, wrong) = await KeysQuery.ReadAsync(context);
        if (tokens.Find(text) is not { } watched || (member is not null && !DiscoveryToken.IsName(member)))
        {
            return KeysResult.Of(DiscoveryFault.KeyNotFound, KeysNode.PathOf(text, member), 0);
        }

        var token = watched.Current;
        return query is null ? KeysResult.Of(DiscoveryFault.InvalidField, wrong!, token.Index)
            : query.IsWait ? await WaitAsync(watched, member, query.WaitIndex ?? 0, context, CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted))
            : member is null ? new KeysResult(StatusCodes.Status200OK, token.Index, new KeysAnswer("get", KeysNode.Of(token)))
            : token.Members.TryGetValue(member, out var found) ? new KeysResult(StatusCodes.Status200OK, token.Index, new KeysAnswer("get", KeysNode.Of(token, found)))
            : KeysResult.Of(DiscoveryFault.KeyNotFound, KeysNode.PathOf(text, member), token.Index);
    }

    // As etcd does: the head at once, the change when it comes. After the patience the body stays empty, and its client asks again.
    private async Task<IResult> WaitAsync(WatchedToken watched, string? member, long index, HttpContext context, CancellationTokenSource end)
    {
        using var ended = end;
        var token = watched.Current;
        if (index > 0 && index <= token.ClearedIndex)
        {
            return KeysResult.Of(DiscoveryFault.IndexCleared, KeysNode.PathOf(token.Text, member), token.Index);
        }

        // The head is known without the change.
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return new KeysResult(StatusCodes.Status200OK, token.Index, new KeysAnswer("get", KeysNode.Of(token)));
        }

        if (!watched.TryEnter())
        {
            return KeysResult.Of(DiscoveryFault.Busy, $"{WatchedToken.MostWaiting} requests wait for this token", token.Index);
        }

        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
            {
                return KeysResult.Of(DiscoveryFault.Busy, $"{MostWaiting} requests wait", token.Index);
            }

            await KeysResult.BeginAsync(context, token.Index);
            return await watched.WaitAsync(member, index > 0 ? index : token.Index + 1, Patience, boot.Clock, end.Token) is { } change
                ? new KeysResult(StatusCodes.Status200OK, token.Index, KeysAnswer.Of(token, change))
                : Results.Empty;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            watched.Leave();
        }
    }

    private static KeysResult GetSize(DiscoveryTokens tokens, HttpContext context) => tokens.Find(Segment(context, "token"))?.Current is { } token
        ? new KeysResult(StatusCodes.Status200OK, token.Index, new KeysAnswer("get", KeysNode.OfSize(token)))
        : KeysResult.Of(DiscoveryFault.KeyNotFound, KeysNode.PathOf(Segment(context, "token"), KeysNode.Size), 0);

    private static KeysResult Refused(DiscoveryTokens tokens, HttpContext context, DiscoveryFault fault) => tokens.Find(Segment(context, "token"))?.Current is { } token
        ? KeysResult.Of(fault, KeysNode.PathOf(token.Text, null), token.Index)
        : KeysResult.Of(DiscoveryFault.KeyNotFound, KeysNode.PathOf(Segment(context, "token"), null), 0);

    private async Task<KeysResult> ChangeAsync(
        DiscoveryTokens tokens, HttpContext context, HttpPeer peer, Func<DiscoveryTokens, HttpContext, KeysQuery, Task<KeysResult>> change)
    {
        var (query, wrong) = await KeysQuery.ReadAsync(context);
        if (query is null)
        {
            return KeysResult.Of(DiscoveryFault.InvalidField, wrong!, 0);
        }

        // What is not there costs nothing.
        if (tokens.Find(Segment(context, "token")) is null)
        {
            return KeysResult.Of(DiscoveryFault.KeyNotFound, KeysNode.PathOf(Segment(context, "token"), null), 0);
        }

        try
        {
            return HasPace(peer) ? await change(tokens, context, query) : KeysResult.Of(DiscoveryFault.Busy, "this address makes changes too fast", 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return KeysResult.Of(DiscoveryFault.Busy, "the server cannot write its files; its log says why", 0);
        }
    }

    private static async Task<KeysResult> PutAsync(DiscoveryTokens tokens, HttpContext context, KeysQuery query)
    {
        var (text, member) = (Segment(context, "token"), Segment(context, "member"));
        var outcome = await tokens.ChangeAsync(text, (token, now) => token.Put(member, query.Value ?? "", query.PrevExist, now), context.RequestAborted);
        return AnswerOf(outcome, KeysNode.PathOf(text, member));
    }

    private static async Task<KeysResult> DeleteAsync(DiscoveryTokens tokens, HttpContext context, KeysQuery query)
    {
        var (text, member) = (Segment(context, "token"), Segment(context, "member"));
        return AnswerOf(await tokens.ChangeAsync(text, (token, now) => token.Remove(member, now), context.RequestAborted), KeysNode.PathOf(text, member));
    }

    private static async Task<KeysResult> PutSizeAsync(DiscoveryTokens tokens, HttpContext context, KeysQuery query)
    {
        var text = Segment(context, "token");
        var size = TrySize(query.Value ?? "", out var number) ? number : 0;
        var outcome = await tokens.ChangeAsync(text, (token, now) => token.Resize(size, query.PrevExist, now), context.RequestAborted);
        return outcome is { Fault: null, Token: var token }
            ? new KeysResult(StatusCodes.Status200OK, token.Index, new KeysAnswer("set", KeysNode.OfSize(token)))
            : AnswerOf(outcome, KeysNode.PathOf(text, KeysNode.Size));
    }

    private static async Task<KeysResult> DeleteTokenAsync(DiscoveryTokens tokens, HttpContext context, KeysQuery query)
    {
        var text = Segment(context, "token");
        var outcome = await tokens.RemoveAsync(text, query.IsRecursive, context.RequestAborted);
        return outcome is { Fault: null, Token: var token }
            ? new KeysResult(StatusCodes.Status200OK, token.Index, new KeysAnswer("delete", new KeysNode(KeysNode.PathOf(text, null), token.Index + 1, 1) { Dir = true }))
            : AnswerOf(outcome, KeysNode.PathOf(text, null));
    }

    private static KeysResult AnswerOf(DiscoveryOutcome? outcome, string path) => outcome switch
    {
        null => KeysResult.Of(DiscoveryFault.KeyNotFound, path, 0),
        { Fault: { } fault } => KeysResult.Of(fault, path, outcome.Token.Index),
        { Event: { } change } => new KeysResult(
            change is { Previous: null } ? StatusCodes.Status201Created : StatusCodes.Status200OK, outcome.Token.Index, KeysAnswer.Of(outcome.Token, change)),
        _ => throw new InvalidOperationException("A change of a member is always told."),
    };

    private static bool TrySize(string text, out int size) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size is >= 1 and <= EtcdDiscoverySettings.MaxSize;

    private static string Segment(HttpContext context, string name) => SegmentOrNull(context, name) ?? "";

    private static string? SegmentOrNull(HttpContext context, string name) => (string?)context.Request.RouteValues[name];

    private bool HasPace(HttpPeer peer) => _pace.TryTake(peer.Address ?? default);
}
