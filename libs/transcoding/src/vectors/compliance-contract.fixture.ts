import { registryOf } from './schema.fixture.js';

/**
 * The contract of the compliance suite with which Google's client generators are tested: googleapis/gapic-showcase,
 * schema/google/showcase/v1beta1/compliance.proto at 8d881c6. Copyright 2021
 * Google LLC, Apache License 2.0. Data only, transcribed.
 */
export const registry = registryOf({
  package: 'google.showcase.v1beta1',
  messages: {
    RepeatRequest: `
      string name = 1
      ComplianceData info = 2
      bool server_verify = 3
      optional string intended_binding_uri = 10
      int32 f_int32 = 4
      int64 f_int64 = 5
      double f_double = 6
      optional int32 p_int32 = 7
      optional int64 p_int64 = 8
      optional double p_double = 9`,
    RepeatResponse: `
      RepeatRequest request = 1
      string binding_uri = 2`,
    ComplianceData: `
      string f_string = 1
      int32 f_int32 = 2
      sint32 f_sint32 = 3
      sfixed32 f_sfixed32 = 4
      uint32 f_uint32 = 5
      fixed32 f_fixed32 = 6
      int64 f_int64 = 7
      sint64 f_sint64 = 8
      sfixed64 f_sfixed64 = 9
      uint64 f_uint64 = 10
      fixed64 f_fixed64 = 11
      double f_double = 12
      float f_float = 13
      bool f_bool = 14
      bytes f_bytes = 15
      LifeKingdom f_kingdom = 22
      ComplianceDataChild f_child = 16
      optional string p_string = 17
      optional int32 p_int32 = 18
      optional sint32 p_sint32 = 39
      optional sfixed32 p_sfixed32 = 40
      optional uint32 p_uint32 = 41
      optional fixed32 p_fixed32 = 42
      optional int64 p_int64 = 43
      optional sint64 p_sint64 = 44
      optional sfixed64 p_sfixed64 = 45
      optional uint64 p_uint64 = 46
      optional fixed64 p_fixed64 = 47
      optional float p_float = 48
      optional double p_double = 19
      optional bool p_bool = 20
      optional LifeKingdom p_kingdom = 23
      optional ComplianceDataChild p_child = 21`,
    ComplianceDataChild: `
      string f_string = 1
      float f_float = 2
      double f_double = 3
      bool f_bool = 4
      Continent f_continent = 11
      ComplianceDataGrandchild f_child = 5
      optional string p_string = 6
      optional float p_float = 7
      optional double p_double = 8
      optional bool p_bool = 9
      Continent p_continent = 12
      optional ComplianceDataGrandchild p_child = 10`,
    ComplianceDataGrandchild: `
      string f_string = 1
      double f_double = 2
      bool f_bool = 3`,
    EnumRequest: `
      bool unknown_enum = 1`,
    EnumResponse: `
      EnumRequest request = 1
      Continent continent = 2`,
  },
  enums: {
    LifeKingdom: [
      'LIFE_KINGDOM_UNSPECIFIED',
      'ARCHAEBACTERIA',
      'EUBACTERIA',
      'PROTISTA',
      'FUNGI',
      'PLANTAE',
      'ANIMALIA',
    ],
    Continent: ['CONTINENT_UNSPECIFIED', 'AFRICA', 'AMERICA', 'ANTARTICA', 'AUSTRALIA', 'EUROPE'],
  },
  services: {
    Compliance: [
      'RepeatDataBody(RepeatRequest) RepeatResponse',
      'RepeatDataBodyInfo(RepeatRequest) RepeatResponse',
      'RepeatDataQuery(RepeatRequest) RepeatResponse',
      'RepeatDataSimplePath(RepeatRequest) RepeatResponse',
      'RepeatDataPathResource(RepeatRequest) RepeatResponse',
      'RepeatDataPathTrailingResource(RepeatRequest) RepeatResponse',
      'RepeatDataBodyPut(RepeatRequest) RepeatResponse',
      'RepeatDataBodyPatch(RepeatRequest) RepeatResponse',
      'GetEnum(EnumRequest) EnumResponse',
      'VerifyEnum(EnumResponse) EnumResponse',
    ],
  },
  rules: {
    RepeatDataBody: { pattern: { case: 'post', value: '/v1beta1/repeat:body' }, body: '*' },
    RepeatDataBodyInfo: { pattern: { case: 'post', value: '/v1beta1/repeat:bodyinfo' }, body: 'info' },
    RepeatDataQuery: { pattern: { case: 'get', value: '/v1beta1/repeat:query' } },
    RepeatDataSimplePath: {
      pattern: {
        case: 'get',
        value:
          '/v1beta1/repeat/{info.f_string}/{info.f_int32}/{info.f_double}/{info.f_bool}/{info.f_kingdom}:simplepath',
      },
    },
    RepeatDataPathResource: {
      pattern: {
        case: 'get',
        value:
          '/v1beta1/repeat/{info.f_string=first/*}/{info.f_child.f_string=second/*}/bool/{info.f_bool}:pathresource',
      },
      additionalBindings: [
        {
          pattern: {
            case: 'get',
            value:
              '/v1beta1/repeat/{info.f_child.f_string=first/*}/{info.f_string=second/*}/bool/{info.f_bool}:childfirstpathresource',
          },
        },
      ],
    },
    RepeatDataPathTrailingResource: {
      pattern: {
        case: 'get',
        value: '/v1beta1/repeat/{info.f_string=first/*}/{info.f_child.f_string=second/**}:pathtrailingresource',
      },
    },
    RepeatDataBodyPut: { pattern: { case: 'put', value: '/v1beta1/repeat:bodyput' }, body: '*' },
    RepeatDataBodyPatch: { pattern: { case: 'patch', value: '/v1beta1/repeat:bodypatch' }, body: '*' },
    GetEnum: { pattern: { case: 'get', value: '/v1beta1/compliance/enum' } },
    VerifyEnum: { pattern: { case: 'post', value: '/v1beta1/compliance/enum' } },
  },
});
