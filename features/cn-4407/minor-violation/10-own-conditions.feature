# language: zh-CN
功能: 江门市清单各项自身的条件
  当事人有证据足以证明没有主观过错的，依法不予处罚；但改正、后果、不逃避监管仍是清单各项自己的条件，
  不具备的，不得同时以清单为依据。

  背景:
    假如案件发生在"江门市"
    而且行为日期是 2024-03-01
    而且决定日期是 2024-04-10
    而且以下事实
      | 初次（首次）违法                     | 是                   |
      | 年度内首次违法                       | 是                   |
      | 近一年内首次违法                     | 是                   |
      | 近两年内首次违法                     | 是                   |
      | 在责令改正期限内改正                 | 是                   |
      | 责令后立即改正                       | 是                   |
      | 危害后果                             | 危害后果轻微         |
      | 所在环境敏感区                       | 无                   |
      | 不得从宽或须复核的情形               | 无                   |
      | 应办理的环评文件                     | 报告表               |
      | 发现后主动关闭、停建、拆除或恢复原状 | 是                   |
      | 环保设施验收工作已全部完成           | 是                   |
      | 已完工                               | 否                   |
      | 已投入生产或者使用                   | 否                   |
      | 环评文件已经批准                     | 是                   |
      | 环保设施已按要求建成                 | 是                   |
      | 已超过验收期限                       | 否                   |
      | 超标污染物个数                       | 1                    |
      | 超标污染物类别                       | 均为B类污染物        |
      | 唯一超标的指标                       | 不是仅 pH 或仅色度   |
      | 超标倍数                             | 0.08                 |
      | 因突发故障                           | 是                   |
      | 24小时内报告                         | 是                   |
      | 采取应急处置、停产等减排措施         | 是                   |
      | 日均值未超标                         | 是                   |
      | 挥发性有机物违法情形                 | 能密闭而未按要求密闭 |
      | 已安装并使用污染防治设施             | 是                   |
      | 危险废物贮存违法情形                 | 贮存不符合标准       |
      | 所涉危险废物数量                     | 0.1                  |
      | 所涉特殊危险废物                     | 无                   |
      | 违法行为持续时间                     | 20                   |
      | 所涉污染物或废物属A类                | 否                   |
      | 未及时公开或公开内容不全             | 是                   |
      | 已对排污口和周边环境监测             | 是                   |
      | 噪声检测未超标                       | 是                   |
      | 危险废物重点单位                     | 否                   |
      | 自动监测设备已安装、使用并联网       | 是                   |
      | 当事人有证据足以证明没有主观过错     | 是                   |

  场景大纲: 没有在责令改正期限内改正的，清单不适用
    假如"违法行为类型"是"<类型>"
    而且"在责令改正期限内改正"是"否"
    而且"责令后立即改正"是"否"
    当判断"轻微违法不予处罚"
    那么结论是"不予行政处罚"
    而且强度是"应当"
    而且适用规则"cn.minor-violation.general/no-fault"
    而且不适用规则"cn-4407.minor-violation/<规则>"

    例子:
      | 类型                                               | 规则                           |
      | 未依法备案环境影响登记表                           | registration-form              |
      | 批准超过五年未重新审核擅自开工                     | approval-expired               |
      | 未依法公开验收报告                                 | acceptance-report              |
      | 初步设计或施工合同未落实环保措施                   | preliminary-design             |
      | 未按规定开展环境影响后评价                         | post-evaluation                |
      | 环保设施未经验收合格即投入生产使用                 | unaccepted-use                 |
      | 超过水污染物排放标准                               | water-exceedance               |
      | 不正常运行水污染防治设施                           | water-facility-failure         |
      | 超过大气污染物排放标准                             | air-exceedance                 |
      | 非紧急开启应急排放通道或不正常运行大气污染防治设施 | air-facility-failure           |
      | 挥发性有机物未密闭或未采取减排措施                 | voc                            |
      | 易产生扬尘的物料未密闭或未围挡覆盖                 | dust-material                  |
      | 未按规定设置危险废物识别标志                       | hazardous-waste-label          |
      | 工业固体废物贮存防护不符合标准                     | solid-waste-storage            |
      | 危险废物贮存不符合标准或混入非危险废物             | hazardous-waste-storage        |
      | 规模养殖未及时收集处置粪污                         | livestock-manure               |
      | 工业固体废物未申报登记                             | solid-waste-declaration        |
      | 未制定危险废物管理计划                             | hazardous-waste-plan           |
      | 未制定危险废物意外事故防范措施和应急预案或未备案   | hazardous-waste-emergency-plan |
      | 填埋类危险废物经营单位未移交档案                   | hazardous-waste-archive        |
      | 未建立实验室危险废物分类登记制度                   | laboratory-waste               |
      | 擅自拆除闲置噪声污染防治设施                       | noise-facility                 |
      | 土壤污染重点监管单位未监测、报告或排查             | soil-monitoring                |
      | 尾矿库未按规定监测土壤污染状况                     | tailings-monitoring            |
      | 土壤风险管控修复后未实施后期管理                   | soil-aftercare                 |
      | 未按规定进行土壤污染状况调查                       | soil-survey                    |
      | 消耗臭氧层物质经营、维修单位未备案                 | ods-filing                     |
      | 重点排污单位未按规定方式公开环境信息               | key-unit-method                |
      | 重点排污单位未按规定时限公开环境信息               | key-unit-deadline              |
      | 未及时公开污染物排放信息或公开不符合要求           | discharge-disclosure           |
      | 重点排污单位未公开大气自动监测数据                 | air-auto-data                  |
      | 未按规定公开有毒有害水污染物信息                   | toxic-water-info               |
      | 未依法及时公开固体废物信息                         | solid-waste-disclosure         |
      | 生活垃圾处理单位未实时公开排放数据                 | waste-plant-data               |
      | 未按规定自行监测并保存原始记录                     | self-monitoring                |
      | 自动监测设备未正常运行                             | auto-monitor                   |
      | 未按规定备案突发环境事件应急预案                   | emergency-plan                 |
      | 已建台账但未按排污许可证记录                       | ledger                         |

  场景大纲: 无法密闭且未减排的，期限内没有改正，清单不适用
    假如以下事实
      | 违法行为类型         | 挥发性有机物未密闭或未采取减排措施 |
      | 挥发性有机物违法情形 | 无法密闭且未采取减排措施           |
      | 责令后立即改正       | 否                                 |
      | 在责令改正期限内改正 | <改正>                             |
    当判断"轻微违法不予处罚"
    那么<断言>规则"cn-4407.minor-violation/voc"

    例子:
      | 改正 | 断言   |
      | 是   | 适用   |
      | 否   | 不适用 |

  场景大纲: 后果超出轻微的，清单不适用
    假如"违法行为类型"是"<类型>"
    而且"危害后果"是"超出轻微的危害后果"
    当判断"轻微违法不予处罚"
    那么结论是"不予行政处罚"
    而且强度是"应当"
    而且适用规则"cn.minor-violation.general/no-fault"
    而且不适用规则"cn-4407.minor-violation/<规则>"

    例子:
      | 类型                                               | 规则                           |
      | 未依法备案环境影响登记表                           | registration-form              |
      | 重大变动未重新报批擅自开工                         | major-change                   |
      | 批准超过五年未重新审核擅自开工                     | approval-expired               |
      | 环评文件未报批或未获批擅自开工                     | built-without-approval         |
      | 未依法公开验收报告                                 | acceptance-report              |
      | 初步设计或施工合同未落实环保措施                   | preliminary-design             |
      | 未按规定开展环境影响后评价                         | post-evaluation                |
      | 环保设施未经验收合格即投入生产使用                 | unaccepted-use                 |
      | 不正常运行水污染防治设施                           | water-facility-failure         |
      | 超过大气污染物排放标准                             | air-exceedance                 |
      | 非紧急开启应急排放通道或不正常运行大气污染防治设施 | air-facility-failure           |
      | 易产生扬尘的物料未密闭或未围挡覆盖                 | dust-material                  |
      | 未按规定设置危险废物识别标志                       | hazardous-waste-label          |
      | 工业固体废物贮存防护不符合标准                     | solid-waste-storage            |
      | 危险废物贮存不符合标准或混入非危险废物             | hazardous-waste-storage        |
      | 规模养殖未及时收集处置粪污                         | livestock-manure               |
      | 工业固体废物未申报登记                             | solid-waste-declaration        |
      | 未制定危险废物管理计划                             | hazardous-waste-plan           |
      | 未制定危险废物意外事故防范措施和应急预案或未备案   | hazardous-waste-emergency-plan |
      | 填埋类危险废物经营单位未移交档案                   | hazardous-waste-archive        |
      | 未建立实验室危险废物分类登记制度                   | laboratory-waste               |
      | 擅自拆除闲置噪声污染防治设施                       | noise-facility                 |
      | 土壤污染重点监管单位未监测、报告或排查             | soil-monitoring                |
      | 尾矿库未按规定监测土壤污染状况                     | tailings-monitoring            |
      | 土壤风险管控修复后未实施后期管理                   | soil-aftercare                 |
      | 未按规定进行土壤污染状况调查                       | soil-survey                    |
      | 消耗臭氧层物质经营、维修单位未备案                 | ods-filing                     |
      | 重点排污单位未按规定方式公开环境信息               | key-unit-method                |
      | 重点排污单位未按规定时限公开环境信息               | key-unit-deadline              |
      | 未及时公开污染物排放信息或公开不符合要求           | discharge-disclosure           |
      | 重点排污单位未公开大气自动监测数据                 | air-auto-data                  |
      | 未按规定公开有毒有害水污染物信息                   | toxic-water-info               |
      | 未依法及时公开固体废物信息                         | solid-waste-disclosure         |
      | 生活垃圾处理单位未实时公开排放数据                 | waste-plant-data               |
      | 未按规定自行监测并保存原始记录                     | self-monitoring                |
      | 自动监测设备未正常运行                             | auto-monitor                   |
      | 未按规定备案突发环境事件应急预案                   | emergency-plan                 |
      | 已建台账但未按排污许可证记录                       | ledger                         |

  场景大纲: 第9、13项没有写后果，后果不是清单的条件
    假如"违法行为类型"是"<类型>"
    而且"危害后果"是"超出轻微的危害后果"
    当判断"轻微违法不予处罚"
    那么适用规则"cn-4407.minor-violation/<规则>"

    例子:
      | 类型                                               | 规则                           |
      | 超过水污染物排放标准                               | water-exceedance               |
      | 挥发性有机物未密闭或未采取减排措施                 | voc                            |

  场景大纲: 以逃避监管的方式排放的，第10、12项不适用
    假如"违法行为类型"是"<类型>"
    而且"不得从宽或须复核的情形"是"以逃避监管的方式排放污染物"
    当判断"轻微违法不予处罚"
    那么不适用规则"cn-4407.minor-violation/<规则>"

    例子:
      | 类型                                               | 规则                           |
      | 不正常运行水污染防治设施                           | water-facility-failure         |
      | 非紧急开启应急排放通道或不正常运行大气污染防治设施 | air-facility-failure           |
