using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Mayu.Server.Access;
using Mayu.Server.Auth;

namespace Mayu.Server.Tests.Auth;

public sealed class ApiTokensTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-api-tokens-").FullName;

    private string File => Path.Combine(_folder, "api-tokens.json");

    [Fact]
    public void A_token_is_taken_after_a_restart_until_it_is_revoked_and_its_file_has_no_text_of_it()
    {
        var tokens = Open();
        var made = Create(tokens, "ci", Role.Operator, "rack=7");
        var again = Open();
        Assert.Equal(("ci", Role.Operator, "rack=7"), (again.Find(made)!.Name, again.Find(made)!.Role, again.Find(made)!.Scope.ToString()));
        Assert.Null(again.Find(made[..^1]));
        Assert.DoesNotContain(made[ApiToken.Prefix.Length..], System.IO.File.ReadAllText(File), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));

        Assert.NotNull(again.Revoke("ci"));
        Assert.Null(again.Find(made));
        Assert.Null(again.Revoke("ci"));
        Assert.Null(Open().Find(made));
    }

    [Fact]
    public void An_expired_token_is_not_taken_and_keeps_its_name_until_it_is_revoked()
    {
        var clock = new SetClock();
        var tokens = ApiTokens.Open(File, clock);
        var made = tokens.Create("a", Role.Viewer, Selector.Everything, clock.GetUtcNow().AddHours(1), out _)!.Value.Text;
        Assert.NotNull(tokens.Find(made));
        clock.Now += TimeSpan.FromHours(1);
        Assert.Null(tokens.Find(made));
        Assert.Null(tokens.Create("a", Role.Viewer, Selector.Everything, expires: null, out var refusal));
        Assert.Equal(RefusalReason.Conflict, refusal!.Reason);
        Assert.Contains("which has expired", refusal.Detail, StringComparison.Ordinal);
        Assert.Null(tokens.Create("b", Role.Viewer, Selector.Everything, clock.GetUtcNow(), out refusal));
        Assert.Equal(RefusalReason.Invalid, refusal!.Reason);
    }

    [Theory]
    [InlineData("{", "is not valid")]
    [InlineData("[]", "is not valid")]
    [InlineData("""{"version": 2, "tokens": []}""", "is of another version")]
    [InlineData("""{"version": 1, "tokens": [{"name": "a b", "role": "Viewer", "hash": "00", "created": "2026-01-01T00:00:00Z"}]}""", "a name, a role or a hash that is none")]
    [InlineData("""{"version": 1, "tokens": null}""", "is of another version")]
    [InlineData("""{"version": 1, "tokens": [null]}""", "a name, a role or a hash that is none")]
    [InlineData("""{"version": 1, "tokens": [{"name": "a", "role": 7, "hash": "0000000000000000000000000000000000000000000000000000000000000000", "created": "2026-01-01T00:00:00Z"}]}""", "a name, a role or a hash that is none")]
    [InlineData("""{"version": 1, "tokens": [{"name": "a", "role": "Viewer", "scope": "state=gone", "hash": "0000000000000000000000000000000000000000000000000000000000000000", "created": "2026-01-01T00:00:00Z"}]}""", "There is no state")]
    [InlineData("""{"version": 1, "tokens": [{"name": "a", "role": "Root", "hash": "00", "created": "2026-01-01T00:00:00Z"}]}""", "is not valid")]
    [InlineData("""{"version": 1, "tokens": [], "more": 1}""", "is not valid")]
    public void A_file_that_is_damaged_lets_nobody_in_and_says_what_to_do(string text, string problem)
    {
        System.IO.File.WriteAllText(File, text);
        var told = Assert.Throws<IOException>(Open).Message;
        Assert.StartsWith(File, told, StringComparison.Ordinal);
        Assert.Contains(problem, told, StringComparison.Ordinal);
        Assert.Contains("remove", told, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_written_is_no_token()
    {
        var tokens = Open();
        var kept = Create(tokens, "kept", Role.Viewer, "");
        Directory.CreateDirectory(File + ".new");
        Assert.Throws<StoreUnavailableException>(() => Create(tokens, "a", Role.Viewer, ""));
        Assert.Throws<StoreUnavailableException>(() => tokens.Revoke("kept"));
        Assert.NotNull(tokens.Find(kept));
        Assert.Equal("kept", Assert.Single(tokens.All).Token.Name);
    }

    [Fact]
    public void There_is_a_limit()
    {
        System.IO.File.WriteAllText(File, $$"""{"version": 1, "tokens": [{{string.Join(',', Enumerable.Range(0, ApiTokens.MaxTokens).Select(i => $$"""{"name": "t{{i}}", "role": "Viewer", "hash": "{{i:x64}}", "created": "2026-01-01T00:00:00Z"}"""))}}]}""");
        Assert.Null(Open().Create("one-more", Role.Viewer, Selector.Everything, expires: null, out var refusal));
        Assert.Equal($"There are 1000 tokens; no more are allowed. Revoke those that nobody needs.", refusal!.Detail);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("ci@rack-7.example_x", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("operator", false)]
    [InlineData("-a", false)]
    [InlineData("machine a", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    public void A_name_is_an_author_that_nobody_else_is(string? name, bool isName) => Assert.Equal(isName, ApiToken.IsName(name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ApiTokens Open() => ApiTokens.Open(File, TimeProvider.System);

    private static string Create(ApiTokens tokens, string name, Role role, string scope)
    {
        Assert.True(Selector.TryParse(scope, out var selector, out _));
        return tokens.Create(name, role, selector, expires: null, out _)!.Value.Text;
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
