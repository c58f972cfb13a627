using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Client.Contracts;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Http;

/// <summary>What a request says besides, twice, or as something else than it is.</summary>
public sealed class StrictInputTests
{
    private const int Deep = 100_000;

    private static readonly string[] NoValues =
    [
        "1e999", "-1e999", new string('9', 400), "-" + new string('9', 400), "0." + new string('9', 400), "1e-400", "true", "\"x\"", "[]", "{}", "[[1]]", "[{\"a\":1e999}]",
        new string('[', Deep), string.Concat(Enumerable.Repeat("{\"a\":", Deep)), new string('[', Deep) + new string(']', Deep),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_parameter_that_a_request_of_the_API_does_not_have_is_refused()
    {
        await using var walk = await RouteWalk.StartAsync();
        var before = walk.Server.Store.Current;
        // Prometheus adds what its configuration says.
        foreach (var one in walk.Api.Where(one => one.Path != "/metrics"))
        {
            foreach (var query in new[] { "?nosuch=1", "?nosuch", "?=", "?%00=%ff" })
            {
                using var answer = await RouteWalk.SendAsync(one, query: query, body: RouteWalk.BodyOf(one));
                Assert.Equal((one, query, HttpStatusCode.BadRequest), (one, query, answer.StatusCode));
                if (one.Method != HttpMethod.Head)
                {
                    Assert.Contains("parameter", await TestServer.DetailOf(answer), StringComparison.Ordinal);
                }
            }
        }

        Assert.Same(before, walk.Server.Store.Current);
    }

    [Fact]
    public async Task Firmware_may_add_parameters_to_what_it_boots_from()
    {
        await using var walk = await RouteWalk.StartAsync();
        foreach (var path in new[] { "/", "/serial?serial=a", "/ipxebootscript?serial=a", "/images/vmlinuz", "/loaders/own.efi", "/first-stage-script/a" })
        {
            using var answer = await walk.Server.Boot.GetAsync(new Uri(path + (path.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "nosuch=1", UriKind.Relative), Cancel);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }
    }

    [Fact]
    public async Task A_key_that_is_there_twice_is_refused_by_either_listener()
    {
        await using var walk = await RouteWalk.StartAsync();
        var before = walk.Server.Store.Current;
        var bodies = walk.All.Where(one => one.Body is not null).Select(one => (one, RouteWalk.BodyOf(one))).ToList();
        Assert.True(bodies.Count >= 12, string.Join('\n', bodies));
        foreach (var (one, body) in bodies)
        {
            var first = JsonNode.Parse(body)!.AsObject().First();
            var again = $"{JsonSerializer.Serialize(first.Key)}: {first.Value!.ToJsonString()}";
            foreach (var twice in new[] { $"{{{again}, {body[1..]}", $"{{{again.ToUpperInvariant()}, {body[1..]}" })
            {
                await AssertRefusedAsync(one, twice, "it is there twice");
            }
        }

        var facts = walk.Boot.First(one => one.Body == typeof(FactsReport));
        await AssertRefusedAsync(facts, """{"serial": "a", "netDevs": [{"name": "eth0", "name": "eth1", "macAddress": "52:54:00:00:00:01"}]}""", "it is there twice");
        Assert.Same(before, walk.Server.Store.Current);
    }

    // Machines may send more: facts of newer collectors, say. The first Mayu's clients send all that they know of a machine.
    [Fact]
    public async Task A_key_that_the_API_does_not_have_is_refused()
    {
        await using var walk = await RouteWalk.StartAsync();
        var before = walk.Server.Store.Current;
        foreach (var one in walk.Api.Where(one => one.Body is not null && one.Body != typeof(LegacyHost)))
        {
            await AssertRefusedAsync(one, $"{{\"nosuch\": 1, {RouteWalk.BodyOf(one)[1..]}", "there is no such key");
        }

        Assert.Same(before, walk.Server.Store.Current);
    }

    [Fact]
    public async Task A_value_of_another_type_a_huge_number_and_a_deep_body_are_refused_by_every_route()
    {
        await using var walk = await RouteWalk.StartAsync();
        var before = walk.Server.Store.Current;
        foreach (var one in walk.All.Where(one => one.Body is not null))
        {
            foreach (var property in PropertiesOf(one.Body!))
            {
                foreach (var value in NoValues.Where(value => !IsOf(property.PropertyType, value)))
                {
                    await AssertRefusedAsync(one, $"{{{JsonSerializer.Serialize(property.Name)}: {value}}}");
                }
            }

            foreach (var value in NoValues.Where(value => value is not "{}"))
            {
                await AssertRefusedAsync(one, value);
            }
        }

        Assert.Same(before, walk.Server.Store.Current);

        static IEnumerable<(string Name, Type PropertyType)> PropertiesOf(Type body) =>
            (ApiJsonContext.Default.GetTypeInfo(body) ?? BootJsonContext.Default.GetTypeInfo(body)!).Properties.Select(property => (property.Name, property.PropertyType));
    }

    private static bool IsOf(Type type, string value) => value switch
    {
        "true" => type == typeof(bool) || type == typeof(bool?),
        "\"x\"" => type == typeof(string),
        "{}" => type != typeof(string) && !type.IsValueType && !IsList(type),
        "[]" => IsList(type),
        _ => false,
    };

    private static bool IsList(Type type) => type.GetInterfaces().Append(type).Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEnumerable<>))
        && !type.GetInterfaces().Append(type).Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));

    private static async Task AssertRefusedAsync(Routed one, string body, string detail = "")
    {
        using var answer = await RouteWalk.SendAsync(one, body: body);
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{one}: {answer.StatusCode} for {body[..Math.Min(200, body.Length)]}");
        Assert.Contains(detail, await TestServer.DetailOf(answer), StringComparison.Ordinal);
    }
}
