using System.Text.Json.Serialization;

namespace Mayu.Client.Tests.Contracts;

[JsonSerializable(typeof(bool))]
internal sealed partial class JsonElementContext : JsonSerializerContext;
