using Mayu.Server.Configuration;

namespace Mayu.Server.Tests.Configuration;

public sealed class TftpConfigurationTests : IDisposable
{
    private const string Network = """
        network:
          interface: eth1
          address: 10.0.0.1
          subnet: 10.0.0.0/24
          bootstrap_range: {start: 10.0.0.100, end: 10.0.0.199}
          internal_range: {start: 10.0.0.10, end: 10.0.0.99}
        defaults: {image: none}

        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Every_key_is_taken()
    {
        var (configuration, problems) = Bind(
            "tftp: {enabled: false, single_port: true, max_block_size: 1400, max_window_size: 8, max_transfers: 50, max_transfers_per_client: 2, idle_timeout: 5s, max_duration: 2h}");

        Assert.Empty(problems);
        var tftp = configuration!.Netboot.Tftp;
        Assert.Equal((false, true, 1400, 8), (tftp.IsEnabled, tftp.SinglePort, tftp.MaximumBlockSize, tftp.MaximumWindowSize));
        Assert.Equal((50, 2), (tftp.MaximumTransfers, tftp.MaximumTransfersPerClient));
        Assert.Equal((5, 120), (tftp.IdleTimeout.TotalSeconds, tftp.MaximumDuration.TotalMinutes));
    }

    [Theory]
    [InlineData("max_block_size: 7", "\"7\" must be a number from 8 to 65464")]
    [InlineData("max_window_size: 0", "\"0\" must be a number from 1 to 512")]
    [InlineData("max_transfers: lots", "\"lots\" must be a number from 1 to 100000")]
    [InlineData("idle_timeout: 1s", "\"1s\" must be a time from 2s to 10m")]
    [InlineData("max_duration: 25h", "\"25h\" must be a time from 1m to 24h")]
    [InlineData("max_duration: \"30\"", "\"30\" must be a time from 1m to 24h")]
    [InlineData("windows: 4", "there is no such key")]
    public void A_limit_that_makes_no_sense_is_refused(string line, string problem)
    {
        var (_, problems) = Bind($"tftp: {{{line}}}");

        Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    private (MayuConfiguration? Configuration, IReadOnlyList<string> Problems) Bind(string text)
    {
        File.WriteAllText(_file, Network + text + "\n");
        var reader = ConfigurationReader.Open(_file, OutsideValues.None);
        var configuration = ConfigurationSchema.Bind(reader);
        return (configuration, [.. reader.Problems.Select(problem => problem.ToString())]);
    }
}
