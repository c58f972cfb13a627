using Mayu.Server.Auth;
using Mayu.Server.Configuration;

namespace Mayu.Server.Tests.Auth;

public sealed class OperatorTokenTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("mayu-keys-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    // A full disk left the file empty, and a client that sent a space that HTTP does not trim would have had the API.
    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\ufffd\ufffd")]
    [InlineData("two words")]
    public void A_token_that_no_client_can_send_is_refused_at_the_start_with_its_file(string token)
    {
        var configuration = ConfigurationWith(token);
        var refused = Assert.Throws<IOException>(() => ApiKeys.Open(configuration, TimeProvider.System));
        Assert.Contains(Path.Combine(configuration.KeysDirectory, "operator-token"), refused.Message, StringComparison.Ordinal);
        Assert.Contains("remove the file", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0123456789abcdef\n")]
    [InlineData("aZ-._~+/=")]
    public void Any_token_of_rfc_6750_is_taken(string token) =>
        Assert.True(ApiKeys.Open(ConfigurationWith(token), TimeProvider.System).Operator.Matches(OperatorToken.In($"Bearer {token.Trim()}")!));

    private MayuConfiguration ConfigurationWith(string token)
    {
        var configuration = SmallConfiguration.In(_data);
        Directory.CreateDirectory(configuration.KeysDirectory);
        File.WriteAllText(Path.Combine(configuration.KeysDirectory, "operator-token"), token);
        return configuration;
    }
}
