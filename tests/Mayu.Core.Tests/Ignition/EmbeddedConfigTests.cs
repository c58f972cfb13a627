using System.Text;
using static Mayu.Core.Tests.Ignition.Config;

namespace Mayu.Core.Tests.Ignition;

public class EmbeddedConfigTests
{
    [Fact]
    public void A_config_in_a_data_URL_is_lowered_with_the_one_around_it()
    {
        var config = Rendered(Merging("""{"ignition":{"version":"3.4.0"}}"""), "3.2.0");
        Assert.Equal("""{"ignition":{"version":"3.2.0"}}""", Inner(config));
    }

    [Fact]
    public void One_that_nothing_has_to_be_done_with_stays_as_it_is() => Assert.Equal(
        """{ "ignition":{"version":"3.3.0"}}""", Inner(Rendered(Merging("""{ "ignition":{"version":"3.3.0"}}"""))));

    [Theory]
    [InlineData("ignition: {version: 3.3.0}")]
    [InlineData("{\"ignition\":{\"version\":\"3.3.0\"}} # a comment")]
    public void One_that_is_no_JSON_becomes_JSON_for_Ignition_reads_nothing_else(string inner) =>
        Assert.Equal("""{"ignition":{"version":"3.3.0"}}""", Inner(Rendered(Merging(inner))));

    [Fact]
    public void One_of_a_newer_specification_than_the_one_around_it_is_for_the_machine_to_read()
    {
        const string Newer = """{"ignition":{"version":"3.4.0"},"kernelArguments":{"shouldExist":["quiet"]}}""";
        Assert.Equal(Newer, Inner(Rendered(Merging(Newer))));
        Assert.Equal(Newer.Replace("3.4.0", "3.3.0", StringComparison.Ordinal), Inner(Rendered(Merging(Newer), "3.3.0")));
        Assert.Contains("the machine's Ignition reads spec 3.2.0", Faults(Merging(Newer), "3.2.0"), StringComparison.Ordinal);
    }

    // Without a limit for all of them together, each level would carry the next so many times over.
    [Fact]
    public void Configs_that_carry_many_that_carry_many_are_refused()
    {
        var config = "{\"ignition\":{\"version\":\"3.3.0\"}}";
        for (var level = 0; level < 2; level++)
        {
            var inner = config;
            var further = Enumerable.Range(0, 12).Select(number => $"{{\"source\":\"data:;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(new string(' ', number) + inner))}\"}}");
            config = $"{{\"ignition\":{{\"version\":\"3.3.0\",\"config\":{{\"merge\":[{string.Join(',', further)}]}}}}}}";
        }

        Assert.Contains("there are more than 100 configs in one another", Faults(config), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_faults_are_told_at_the_URL_with_their_own_places() => Assert.Equal(
        "1:54 ignition.config.merge[0].source: in the config that it carries, line 2, column 1: Ignition has no such key here",
        Faults(Merging("ignition: {version: 3.3.0}\nx: 1\n")));

    [Fact]
    public void Its_sum_cannot_be_kept_where_it_is_translated() => Assert.Contains(
        "its sum would be another: remove the hash",
        Faults(Merging("variant: fcos\nversion: 1.4.0\n", ", verification: {hash: sha512-" + new string('0', 128) + "}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("variant: fcos\nversion: 1.4.0\n", "gzip", "is not compressed as said")]
    [InlineData("ignition: {version: 2.3.0}", "", "this config is of spec 2.3.0")]
    public void One_that_the_machine_could_not_read_is_refused(string inner, string compression, string expected) =>
        Assert.Contains(expected, Faults(Merging(inner, $", compression: '{compression}'")), StringComparison.Ordinal);

    [Fact]
    public void They_are_in_one_another_only_so_deep()
    {
        var config = "ignition: {version: 3.3.0}";
        for (var i = 0; i < 5; i++)
        {
            config = Merging(config);
        }

        Assert.Contains("more than 4 deep", Faults(config), StringComparison.Ordinal);
    }

    private static string Merging(string inner, string more = "") =>
        $"ignition: {{version: 3.3.0, config: {{merge: [{{source: 'data:;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(inner))}'{more}}}]}}}}";

    private static string Inner(System.Text.Json.Nodes.JsonNode config)
    {
        var url = (string)config["ignition"]!["config"]!["merge"]![0]!["source"]!;
        return url.StartsWith("data:;base64,", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(url["data:;base64,".Length..])) : Uri.UnescapeDataString(url["data:,".Length..]);
    }
}
